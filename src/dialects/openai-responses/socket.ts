import { z } from 'zod';
import type { GatewayError } from '../../core/error.ts';
import type { Frame } from '../../stream/sse.ts';
import { invalid, isObject, quote, read } from '../read.ts';
import { errorBody } from './error.ts';

const wireMessage = z.object({
  type: z.literal('response.create'),
  generate: z.boolean().nullish(),
  stream_id: z.string().nullish(),
});

/** A request that came over a WebSocket. */
export interface SocketRequest {
  /** The same as the body of a request for a streamed answer. */
  body: Record<string, unknown>;
  /** False where the conversation is only to be got ready: see `emptyFrames`. */
  generate: boolean;
  /** To be repeated in every message of the answer. */
  streamId: string | undefined;
}

/** Reads a message of a client. Throws `invalid-request`, naming the field. */
export function readSocketMessage(message: unknown): SocketRequest {
  if (!isObject(message)) throw invalid('', `must be a JSON object, not ${quote(message)}`);
  const { generate, stream_id: streamId } = read(wireMessage, message, '');
  const { type: _, generate: __, stream_id: ___, ...body } = message;
  return { body: { ...body, stream: true }, generate: generate !== false, streamId: streamId ?? undefined };
}

/** A frame of an answer as a message: the same event. */
export function socketMessage({ data }: Frame, streamId?: string): string {
  return JSON.stringify(isObject(data) && streamId !== undefined ? { ...data, stream_id: streamId } : data);
}

/** The message for a request that failed before its answer began; `status` is the one that HTTP would have. */
export function socketError(error: GatewayError, status: number, streamId?: string): string {
  const data = { type: 'error', status, ...errorBody(error) };
  return socketMessage({ data }, streamId);
}
