import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ToolMessage } from '../../core/message.ts';
import type { GenerateRequest } from '../../core/request.ts';
import { addUsage, type Usage } from '../../core/usage.ts';
import type { Conclusion, Ending, NativeCall, NativeSession, TurnEnd } from '../acp/agent.ts';
import type { AgentProcess } from '../acp/agent-process.ts';
import type { ContentBlock, SessionUpdate } from '../acp/wire.ts';
import { textOf } from '../acp/wire.ts';
import type { ToolNames } from '../tool-names.ts';
import { resultText } from './contents.ts';
import type { Exchange } from './exchange.ts';
import { ExchangeLog } from './exchange-log.ts';
import { mayPass, toGatewayError } from './failure.ts';
import { toolPrefix } from './native-settings.ts';
import type { slotSettings } from './slot-settings.ts';
import type { Slot, Worker } from './worker.ts';

/** How often the model API may fail in passing before the failure is told, and how long the CLI may wait in between. */
const failuresAtMost = 3;
const retryWithinMs = 8_000;
/** How long what the CLI tells of an answer may come after the answer. */
const lateMs = 100;
/** Results that are longer are cut by the CLI on their way to the model. */
const resultAtMost = 400_000;

export interface QwenSessionOptions {
  worker: Worker;
  slot: Slot;
  id: string;
  names: ToolNames;
  /** What the session was made with. */
  settings: Record<string, unknown>;
  /** What it would be made with for this request. */
  settingsFor(request: GenerateRequest): ReturnType<typeof slotSettings>;
}

/** One conversation inside Qwen Code. What the CLI does not tell about an answer is read off its log of exchanges. */
export class QwenNativeSession implements NativeSession {
  readonly process: AgentProcess;
  readonly id: string;
  readonly prompt: ContentBlock[] = [{ type: 'text', text: '' }];
  readonly replayed = 0;
  #options: QwenSessionOptions;
  #log: ExchangeLog;
  #turn: TurnEnd | undefined;
  #exchanges: Exchange[] = [];
  #reasoningTokens = 0;
  #reported = 0;
  #onReported: () => void = () => {};
  #said = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: QwenSessionOptions) {
    this.#options = options;
    this.process = options.worker.process;
    this.id = options.id;
    this.#log = new ExchangeLog(options.slot.exchanges, (exchange) => this.#judge(exchange));
  }

  /** In a running session only one plain text reaches the model as it is. */
  async continueWith(request: GenerateRequest, known: number): Promise<ContentBlock[] | undefined> {
    const [message, ...more] = request.messages.slice(known);
    if (message?.role !== 'user' || more.length > 0 || !this.#fits(request)) return undefined;
    const [part, ...others] = message.content;
    if (part?.type !== 'text' || part.text === '' || others.length > 0) return undefined;
    // Behind an empty block `/command` and `@path` are the text that they are.
    return [...this.prompt, { type: 'text', text: part.text }];
  }

  /** A result that is more than text, or failed, reaches the model as it is only in a session file. */
  async resumeWith(request: GenerateRequest): Promise<boolean> {
    const asked = request.messages.findLastIndex(({ role }) => role === 'assistant');
    const results = request.messages
      .slice(asked + 1)
      .filter((message): message is ToolMessage => message.role === 'tool');
    return this.#fits(request) && results.every(isPlain);
  }

  watch(turn: TurnEnd): void {
    this.#turn = turn;
  }

  observe(update: SessionUpdate): void {
    const { usage } = (update._meta ?? {}) as { usage?: { thoughtTokens?: number } };
    if (usage !== undefined) {
      this.#reasoningTokens += usage.thoughtTokens ?? 0;
      this.#reported += 1;
      this.#onReported();
    }
    if (/^agent_(message|thought)_chunk$/.test(update.sessionUpdate) && textOf(update)) this.#said = true;
  }

  async conclude(ending: Ending): Promise<Conclusion> {
    clearTimeout(this.#retry);
    await this.#log.look();
    const answers = this.#exchanges.splice(0).filter((exchange) => exchange.kind === 'answer');
    const last = answers.at(-1);
    if (last !== undefined && !isEmpty(last)) await this.#untilReported(answers.length);
    const usage = answers.reduce<Usage>((sum, { usage: spent }) => addUsage(sum, spent), {
      inputTokens: 0,
      outputTokens: 0,
      reasoningTokens: this.#reasoningTokens,
    });
    this.#reasoningTokens = 0;
    this.#reported = 0;
    this.#said = false;
    if (!('call' in ending)) return { usage, reason: last?.reason };
    const calls = last?.calls.flatMap((call) => this.#callersCall(call)) ?? [];
    return { usage, ...(calls.some((call) => isSame(call, ending.call)) && { calls }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#retry);
    this.#log[Symbol.dispose]();
    await this.#options.worker.closeSession(this.id, this.#options.slot);
  }

  #fits(request: GenerateRequest): boolean {
    return isDeepStrictEqual(this.#options.settingsFor(request), this.#options.settings);
  }

  #judge(exchange: Exchange): void {
    clearTimeout(this.#retry);
    this.#exchanges.push(exchange);
    if (exchange.kind === 'answer') {
      // The CLI would ask again, and again: that is the caller's to decide.
      if (isEmpty(exchange)) this.#turn?.end();
      return;
    }
    const failure = toGatewayError(exchange.message);
    const failures = this.#exchanges.filter(({ kind }) => kind === 'failure').length;
    // Behind some text the CLI would have the model go on with it: two answers glued together.
    if (!mayPass(exchange.message) || this.#said || failures >= failuresAtMost) this.#turn?.fail(failure);
    else this.#retry = setTimeout(() => this.#turn?.fail(failure), retryWithinMs).unref();
  }

  async #untilReported(answers: number): Promise<void> {
    if (this.#reported >= answers) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onReported = () => {
      if (this.#reported >= answers) resolve();
    };
    await Promise.race([promise, sleep(lateMs)]);
  }

  #callersCall({ id, name, arguments: given }: NativeCall): NativeCall[] {
    const called = name.startsWith(toolPrefix) ? this.#options.names.caller(name.slice(toolPrefix.length)) : undefined;
    return called === undefined ? [] : [{ id, name: called, arguments: given }];
  }
}

function isEmpty(exchange: Exchange): boolean {
  return exchange.kind === 'answer' && exchange.text.trim() === '' && exchange.calls.length === 0;
}

function isSame(call: NativeCall, other: NativeCall): boolean {
  return call.name === other.name && isDeepStrictEqual(call.arguments, other.arguments);
}

function isPlain(message: ToolMessage): boolean {
  const { length } = resultText(message);
  const isText = message.content.every(({ type }) => type === 'text');
  return isText && message.isError !== true && length > 0 && length <= resultAtMost;
}
