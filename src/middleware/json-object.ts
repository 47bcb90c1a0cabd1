import { CompletionBuilder } from '../core/completion.ts';
import { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';
import type { GenerateRequest, OutputFormat } from '../core/request.ts';
import { addUsage } from '../core/usage.ts';
import type { Generate } from './middleware.ts';
import { leavesObjectsOpen } from './open-schema.ts';

const objectInstruction = 'Answer with one JSON object and nothing else: no explanation and no code fence.';
const repair = 'That was not the JSON asked for. Answer again with the JSON alone.';

/**
 * JSON where the model's API has no mode for it (`json_object`, and schemas that leave objects open without being meant
 * strictly): asked for in the system prompt, held back until it is whole, freed of a code fence, and asked for once more
 * when it is not JSON.
 */
export function jsonObject(next: Generate): Generate {
  return (request) => {
    const instruction = request.outputFormat && instructionFor(request.outputFormat);
    return instruction === undefined ? next(request) : startOnce(ask(next, request, instruction));
  };
}

function instructionFor(format: OutputFormat): string | undefined {
  if (format.kind === 'json-object') return objectInstruction;
  if (format.strict || !leavesObjectsOpen(format.schema)) return undefined;
  return `Answer with JSON that follows this schema and nothing else, no explanation and no code fence:\n${JSON.stringify(format.schema)}`;
}

async function* ask(next: Generate, request: GenerateRequest, instruction: string): AsyncGenerator<StreamEvent> {
  const { outputFormat: _, ...plain } = request;
  const asked: GenerateRequest = { ...plain, system: [request.system, instruction].filter(Boolean).join('\n\n') };
  const first = new CompletionBuilder();
  const held: StreamEvent[] = [];
  yield* hold(next(asked), first, held);
  if (!isPlain(first) || objectIn(textOf(first)) !== undefined) {
    yield* release(held);
    return;
  }
  const messages = [
    ...asked.messages,
    first.message,
    { role: 'user' as const, content: [{ type: 'text' as const, text: repair }] },
  ];
  const second = new CompletionBuilder();
  held.length = 0;
  yield* hold(next({ ...asked, messages }), second, held);
  if (isPlain(second) && objectIn(textOf(second)) === undefined) {
    throw new GatewayError('provider-failed', 'The model did not answer with JSON, even when asked again.');
  }
  const { usage } = first.build();
  for (const event of release(held)) {
    yield event.type === 'finish' ? { ...event, usage: addUsage(usage, event.usage) } : event;
  }
}

/** Two answers that the caller is shown as one. */
async function* startOnce(events: AsyncIterable<StreamEvent>): AsyncGenerator<StreamEvent> {
  let started = false;
  for await (const event of events) {
    if (event.type !== 'start') yield event;
    else if (!started) {
      started = true;
      yield event;
    }
  }
}

/** Lets reasoning through, behind the start, and holds everything else back. */
async function* hold(
  events: AsyncIterable<StreamEvent>,
  builder: CompletionBuilder,
  held: StreamEvent[],
): AsyncGenerator<StreamEvent> {
  for await (const event of events) {
    builder.add(event);
    if (event.type === 'reasoning-delta' || event.type === 'reasoning-end') {
      if (held[0]?.type === 'start') yield* held.splice(0, 1);
      yield event;
    } else {
      held.push(event);
    }
  }
}

function* release(held: readonly StreamEvent[]): Generator<StreamEvent> {
  const text = held.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  const object = objectIn(text) ?? text;
  let said = false;
  for (const event of held) {
    if (event.type !== 'text-delta') yield event;
    else if (!said) {
      said = true;
      yield { type: 'text-delta', text: object };
    }
  }
}

/** Only a plain, whole text answer is judged: calls, refusals and cut answers pass as they are. */
function isPlain(builder: CompletionBuilder): boolean {
  const { reason, message } = builder.build();
  return reason === 'stop' && message.content.every((part) => part.type === 'text' || part.type === 'reasoning');
}

function textOf(builder: CompletionBuilder): string {
  return builder.message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** The JSON object that a text is, with or without a code fence around it. */
function objectIn(text: string): string | undefined {
  const trimmed = text.trim();
  const fence = /^```[a-z]{0,20}/i.exec(trimmed)?.[0];
  const bare = fence ? trimmed.slice(fence.length, trimmed.endsWith('```') ? -3 : undefined).trim() : trimmed;
  try {
    const value: unknown = JSON.parse(bare);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? bare : undefined;
  } catch {
    return undefined;
  }
}
