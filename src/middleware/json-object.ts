import { CompletionBuilder } from '../core/completion.ts';
import { GatewayError } from '../core/error.ts';
import type { Citation, StreamEvent } from '../core/event.ts';
import type { GenerateRequest, OutputFormat } from '../core/request.ts';
import { addUsage } from '../core/usage.ts';
import { compileSchema } from './check-schema.ts';
import type { Generate } from './middleware.ts';
import { leavesObjectsOpen } from './open-schema.ts';
import { isObject } from './schema-keys.ts';

const objectInstruction = 'Answer with one JSON object and nothing else: no explanation and no code fence.';
const repair = 'That was not the JSON asked for. Answer again with the JSON alone.';

/**
 * JSON where the model's API has no mode for it (`json_object`, and schemas that leave objects open without being meant
 * strictly): asked for in the system prompt, held back until it is whole, freed of a code fence, and asked for once more
 * when it is not JSON.
 */
export function jsonObject(next: Generate): Generate {
  return (request) => {
    const wanted = request.outputFormat && wantedIn(request.outputFormat);
    return wanted === undefined ? next(request) : startOnce(ask(next, request, wanted));
  };
}

/** What the model is told, and what it may answer with. */
interface Wanted {
  instruction: string;
  accepts: (value: unknown) => boolean;
}

function wantedIn(format: OutputFormat): Wanted | undefined {
  if (format.kind === 'json-object') return { instruction: objectInstruction, accepts: isObject };
  const { strict, schema } = format;
  // A schema that is none is refused by whoever holds answers to theirs.
  if (strict || !leavesObjectsOpen(schema) || compileSchema(schema).fault !== undefined) return undefined;
  const instruction = `Answer with JSON that follows this schema and nothing else, no explanation and no code fence:\n${JSON.stringify(schema)}`;
  const types: unknown[] = [schema.type ?? []].flat();
  return { instruction, accepts: (value) => types.length === 0 || types.some((type) => isOfType(value, type)) };
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isObject(value) : typeof value === type;
}

async function* ask(
  next: Generate,
  request: GenerateRequest,
  { instruction, accepts }: Wanted,
): AsyncGenerator<StreamEvent> {
  const { outputFormat: _, ...plain } = request;
  const asked: GenerateRequest = { ...plain, system: [request.system, instruction].filter(Boolean).join('\n\n') };
  const first = new CompletionBuilder();
  const held: StreamEvent[] = [];
  yield* hold(next(asked), first, held);
  if (!isPlain(first) || jsonIn(textOf(first), accepts) !== undefined) {
    yield* release(held, accepts);
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
  if (isPlain(second) && jsonIn(textOf(second), accepts) === undefined) {
    throw new GatewayError('provider-failed', 'The model did not answer with JSON, even when asked again.');
  }
  const { usage } = first.build();
  for (const event of release(held, accepts)) {
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

function* release(held: readonly StreamEvent[], accepts: Wanted['accepts']): Generator<StreamEvent> {
  const text = held.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  const cut = jsonIn(text, accepts) ?? { text, start: 0 };
  let said = false;
  for (const event of held) {
    if (event.type === 'citation') {
      const citation = citationWithin(event.citation, cut);
      if (citation) yield { type: 'citation', citation };
    } else if (event.type !== 'text-delta') yield event;
    else if (!said) {
      said = true;
      yield { type: 'text-delta', text: cut.text };
    }
  }
}

/** The citation's place in what is left of the text; undefined where nothing of its place is left. */
function citationWithin(citation: Citation, cut: CutText): Citation | undefined {
  const start = Math.max(citation.start - cut.start, 0);
  const end = Math.min(citation.end - cut.start, cut.text.length);
  return start < end ? { ...citation, start, end } : undefined;
}

/** Only a plain, whole text answer is judged: calls, refusals and cut answers pass as they are. */
function isPlain(builder: CompletionBuilder): boolean {
  const { reason, message } = builder.build();
  return reason === 'stop' && message.content.every((part) => part.type === 'text' || part.type === 'reasoning');
}

function textOf(builder: CompletionBuilder): string {
  return builder.message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** A part of a text, and where in that text it starts. */
interface CutText {
  text: string;
  start: number;
}

/** The acceptable JSON that a text is, without the blanks and the code fence around it. */
function jsonIn(text: string, accepts: Wanted['accepts']): CutText | undefined {
  const trimmed = text.trim();
  const fence = /^```[a-z]{0,20}/i.exec(trimmed)?.[0];
  const inner = fence ? trimmed.slice(fence.length, trimmed.endsWith('```') ? -3 : undefined) : trimmed;
  const json = inner.trim();
  try {
    if (!accepts(JSON.parse(json))) return undefined;
  } catch {
    return undefined;
  }
  const blanks = text.length - text.trimStart().length + (inner.length - inner.trimStart().length);
  return { text: json, start: blanks + (fence?.length ?? 0) };
}
