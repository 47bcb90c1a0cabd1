import type { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';
import { addUsage, type Usage } from '../core/usage.ts';
import type { Dialect } from '../dialects/dialect.ts';

/** What is known of one request, gathered while it is handled; its log line is written from it. */
export interface RequestRecord {
  method: string;
  /** Without the query string: it may hold a key. */
  path: string;
  /** `performance.now()` at arrival. */
  startedAt: number;
  /** Speaks for failures too, so every request has one. */
  dialect: Dialect;
  /** Undefined while nobody has been let in. */
  caller?: string;
  model?: string;
  stream?: boolean;
  route?: string;
  ignored?: readonly string[];
  /** Milliseconds from arrival to the first event, and to the first that is a piece of the answer. */
  firstEventMs?: number;
  firstTokenMs?: number;
  /** Of all choices together. */
  usage?: Usage;
  /** Only when prompts are logged. */
  messages?: unknown;
  error?: GatewayError;
}

/** Passes events on and notes in the record what the log line says of them. */
export async function* recordEvents(
  events: AsyncIterable<StreamEvent>,
  record: RequestRecord,
): AsyncGenerator<StreamEvent> {
  for await (const event of events) {
    record.firstEventMs ??= elapsedMs(record);
    if (event.type === 'start') record.model = event.model;
    else record.firstTokenMs ??= elapsedMs(record);
    if (event.type === 'finish') record.usage = record.usage ? addUsage(record.usage, event.usage) : event.usage;
    yield event;
  }
}

/** Whole milliseconds since the request arrived. */
export function elapsedMs(record: RequestRecord): number {
  return Math.round(performance.now() - record.startedAt);
}
