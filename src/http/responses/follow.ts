import type { FastifyReply, FastifyRequest } from 'fastify';
import { openaiResponses } from '../../dialects/openai-responses/openai-responses.ts';
import type { Frame } from '../../stream/sse.ts';
import { eventStream } from '../framing.ts';
import { RequestSignal } from '../request-signal.ts';
import { sendFrames } from '../send-frames.ts';
import type { HttpSettings } from '../settings.ts';
import { eachUntilAborted } from '../until-aborted.ts';
import type { BackgroundResponse } from './background-response.ts';

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Streams what is said of a response in the background after the frame of this number. Whoever hangs up ends nothing. */
export async function followBackground(
  response: BackgroundResponse,
  after: number,
  exchange: Exchange,
  settings: HttpSettings,
): Promise<void> {
  await follow(response.follow(after), exchange, settings);
}

/** Streams a response that is over: its last word. */
export async function followStored(
  response: Record<string, unknown>,
  after: number,
  exchange: Exchange,
  settings: HttpSettings,
): Promise<void> {
  await follow(lastWords(response, after + 1), exchange, settings);
}

async function* lastWords(response: Record<string, unknown>, first: number): AsyncGenerator<Frame> {
  const types = [...(first === 0 ? ['response.created'] : []), `response.${response.status}`];
  for (const [index, type] of types.entries()) {
    yield { event: type, data: { type, sequence_number: first + index, response } };
  }
}

async function follow(frames: AsyncIterable<Frame>, { request, reply }: Exchange, settings: HttpSettings) {
  using work = new RequestSignal(reply.raw, settings.maxTimeoutMs);
  const { signal } = work;
  request.record.stream = true;
  const sent = sendFrames({ request, reply }, eachUntilAborted(frames, signal), {
    framing: eventStream(),
    keepAliveMs: settings.sseKeepAliveMs,
    signal,
    failureFrames: (error) => [openaiResponses.errorFrame(error)],
  });
  // It may be long until there is something to say.
  reply.raw.flushHeaders();
  await sent;
}
