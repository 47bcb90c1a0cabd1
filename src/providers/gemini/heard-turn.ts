import { type SessionUpdate, textOf } from '../acp/wire.ts';
import { webSearchTool } from './native-settings.ts';
import type { RecordedCall, RecordedResponse } from './response-log.ts';
import { toolPrefix } from './session-shape.ts';

/** What one session has been heard to do since the model was last asked: by this its recorded answers are known. */
export class HeardTurn {
  #text = '';
  #toolCalls: string[] = [];
  #searches = 0;
  /** Calls of an answer already claimed that the CLI has yet to run. */
  #running: RecordedCall[] = [];
  #waiters: (() => void)[] = [];

  observe(update: SessionUpdate): void {
    if (update.sessionUpdate === 'agent_message_chunk') this.#text += textOf(update) ?? '';
    if (update.sessionUpdate !== 'tool_call' || update.toolCallId === undefined) return;
    const { toolCallId } = update;
    const next = this.#running.findIndex((call) => isOf(toolCallId, call));
    if (next >= 0) this.#running.splice(0, next + 1);
    else this.#toolCalls.push(toolCallId);
    if (toolCallId.startsWith(webSearchTool)) this.#searches += 1;
    for (const wake of this.#waiters.splice(0)) wake();
  }

  /** Settles when the CLI has said that it makes this call, or after `timeoutMs`: its text comes another way. */
  async saidCall(name: string, timeoutMs: number): Promise<void> {
    const isSaid = () => this.#toolCalls.at(-1)?.startsWith(`${name}_`) === true;
    const end = Date.now() + timeoutMs;
    while (!isSaid() && Date.now() < end) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiters.push(resolve);
      const timer = setTimeout(resolve, end - Date.now());
      await promise;
      clearTimeout(timer);
    }
  }

  /**
   * The recorded answers that make up what was heard, the last one last; undefined where there are none or where it
   * cannot be told which.
   */
  match(unclaimed: readonly RecordedResponse[], ending: 'answer' | 'call'): RecordedResponse[] | undefined {
    const streamed = unclaimed.filter((response) => response.streamed);
    const found = walk(streamed, this.#text, this.#toolCalls, ending);
    return found && [...unclaimed.filter(isSearch).slice(0, this.#searches), ...found];
  }

  /** Begins anew. `pending` are calls that the CLI will run without asking the model again. */
  clear(pending: readonly RecordedCall[]): void {
    this.#text = '';
    this.#toolCalls = [];
    this.#searches = 0;
    this.#running = [...pending];
  }
}

/** Searches for answers whose texts, put together, are the text, and whose calls are those that were made. */
function walk(
  responses: readonly RecordedResponse[],
  text: string,
  toolCalls: readonly string[],
  ending: 'answer' | 'call',
): RecordedResponse[] | undefined {
  let ends: RecordedResponse[][] = [];
  for (const [index, response] of responses.entries()) {
    if (!text.startsWith(response.text)) continue;
    const rest = text.slice(response.text.length);
    const calls = response.calls.filter(isShown);
    const made = countMade(calls, toolCalls);
    const isLast = rest === '' && made === toolCalls.length && (ending === 'call' ? made > 0 : calls.length === 0);
    if (isLast) ends.push([response]);
    // The CLI ran what it called and asked the model again; a name that it does not know it refused by itself.
    if (response.calls.length === 0 || made < calls.length) continue;
    const further = walk(responses.slice(index + 1), rest, toolCalls.slice(made), ending);
    if (further) ends.push([response, ...further]);
  }
  // The very ids decide, where the model's API gives any.
  const exact = ends.filter((found) =>
    found.some(({ calls }) => calls.some((call) => call.id !== undefined && toolCalls.some((id) => isOf(id, call)))),
  );
  if (exact.length > 0) ends = exact;
  const [first, ...others] = ends;
  return first && others.every((other) => isSame(first, other)) ? first : undefined;
}

function isSame(first: readonly RecordedResponse[], second: readonly RecordedResponse[]): boolean {
  const told = (responses: readonly RecordedResponse[]) =>
    JSON.stringify([responses.at(-1)?.calls.map(({ name, args }) => [name, args]), responses.at(-1)?.finishReason]);
  return told(first) === told(second);
}

function countMade(calls: readonly RecordedCall[], toolCalls: readonly string[]): number {
  const end = calls.findIndex((call, index) => !isOf(toolCalls[index] ?? '', call));
  return end < 0 ? calls.length : end;
}

/** Whether the CLI tells of such a call: not of one whose tool it does not have. */
function isShown({ name }: RecordedCall): boolean {
  return name.startsWith(toolPrefix) || name === webSearchTool;
}

function isOf(toolCallId: string, { id, name }: RecordedCall): boolean {
  if (id === undefined) return toolCallId.startsWith(`${name}_`);
  return toolCallId === id || toolCallId === `${name}__${id}`;
}

function isSearch({ streamed, sources }: RecordedResponse): boolean {
  return !streamed && sources.length > 0;
}
