import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { Frame } from '../../stream/sse.ts';
import { CompactionWriter } from './compaction-writer.ts';
import { errorBody } from './error.ts';
import type { ResponsesContext } from './options.ts';
import { OutputWriter, type Writer } from './output-writer.ts';
import {
  failedResponse,
  finalStatus,
  finishedResponse,
  type ResponseObject,
  unfinishedResponse,
} from './response-object.ts';
import type { WireEvent } from './wire.ts';

type LifecycleType = 'created' | 'in_progress' | 'completed' | 'incomplete' | 'failed';
/** The official type of the response object lags behind what is sent: see `ResponseObject`. */
type OutEvent = WireEvent | { type: `response.${LifecycleType}`; response: ResponseObject };

/**
 * The answer as events, each with its place in the order. There is one choice only. Throws `provider-failed` when it ends
 * without its finish: a cut answer must not look like a whole one.
 */
export async function* frames(choices: AsyncIterable<StreamEvent>[], context: ResponsesContext): AsyncGenerator<Frame> {
  let number = 0;
  for await (const event of events(choices[0] ?? none(), context)) {
    yield toFrame(event, number);
    number += 1;
  }
}

/** What makes the output of an answer. */
export function createWriter({ id, options }: ResponsesContext): Writer {
  return options.compacts ? new CompactionWriter(id) : new OutputWriter(id, options);
}

/**
 * The last frames of a stream that failed after `sent` frames. Some clients know a failure by the one event, some by the
 * other.
 */
export function failureFrames(error: GatewayError, context: ResponsesContext, sent: number): Frame[] {
  const failed: OutEvent = { type: 'response.failed', response: failedResponse(context, error) };
  return [toFrame(failed, sent), errorFrame(error, sent + 1)];
}

/** The one frame that says a failure without a word of the response. */
export function errorFrame(error: GatewayError, number = 0): Frame {
  const { message, code, param } = errorBody(error).error;
  return toFrame({ type: 'error', code, message, param }, number);
}

/** The frames of an answer that was only to be got ready: it is empty and complete. */
export function* emptyFrames(context: ResponsesContext): Generator<Frame> {
  const usage = { inputTokens: 0, outputTokens: 0 };
  const response = finishedResponse(context, context.model, [], { reason: 'stop', usage });
  yield toFrame({ type: 'response.created', response: unfinishedResponse(context, 'in_progress') }, 0);
  yield toFrame({ type: 'response.completed', response }, 1);
}

async function* events(choice: AsyncIterable<StreamEvent>, context: ResponsesContext): AsyncGenerator<OutEvent> {
  const begun = unfinishedResponse(context, 'in_progress');
  yield { type: 'response.created', response: begun };
  yield { type: 'response.in_progress', response: begun };
  const writer = createWriter(context);
  let model = '';
  for await (const event of choice) {
    if (event.type === 'start') model = event.model;
    yield* writer.write(event);
    if (event.type !== 'finish') continue;
    const status = finalStatus(event.reason);
    yield* writer.close(status);
    yield { type: `response.${status}`, response: finishedResponse(context, model, writer.output, event) };
    return;
  }
  throw new GatewayError('provider-failed', 'The answer ended before it was complete.');
}

function toFrame(event: OutEvent, number: number): Frame {
  const { type, ...fields } = event;
  return { event: type, data: { type, sequence_number: number, ...fields } };
}

async function* none(): AsyncGenerator<StreamEvent> {}
