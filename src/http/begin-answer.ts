import { randomUUID } from 'node:crypto';
import type { StreamEvent } from '../core/event.ts';
import type { Operation } from '../core/operation.ts';
import type { AnswerContext, Dialect } from '../dialects/dialect.ts';
import type { GatewayPort } from './gateway-port.ts';
import { loggableMessages } from './request-log.ts';
import { type RequestRecord, recordEvents } from './request-record.ts';
import type { HttpSettings } from './settings.ts';
import { eachUntilAborted, untilAborted } from './until-aborted.ts';

/** Whose answer it is, and until when it is wanted. What becomes of it is noted in the record. */
export interface Asking {
  requestId: string;
  record: RequestRecord;
  signal: AbortSignal;
}

export interface BegunAnswer {
  choices: AsyncIterable<StreamEvent>[];
  context: AnswerContext;
}

/** What the log line says of a request that could be read. */
export function noteRequest({ request, stream }: Operation, record: RequestRecord, settings: HttpSettings): void {
  record.model = request.model;
  record.stream = stream;
  if (settings.logPrompts) record.messages = loggableMessages(request);
}

/** Finds who answers, and hands over the answer to come. Throws a `GatewayError` where there is nobody. */
export async function beginAnswer(
  dialect: Dialect,
  operation: Operation,
  { requestId, record, signal }: Asking,
  gateway: GatewayPort,
): Promise<BegunAnswer> {
  const caller = record.caller ?? 'local';
  const asking = { requestId, caller, dialect: dialect.name, signal };
  const answer = await untilAborted(gateway.generate(operation, asking), signal);
  record.route = answer.route;
  record.ignored = [...new Set([...operation.ignored, ...answer.ignored])];
  const choices = answer.choices.map((events) => recordEvents(eachUntilAborted(events, signal), record));
  const id = randomUUID().replaceAll('-', '');
  return { choices, context: { id, createdAt: new Date(), model: answer.model, options: operation.options } };
}
