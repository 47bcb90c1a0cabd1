import { z } from 'zod';
import { GatewayError } from '../../core/error.ts';
import { anything, read } from '../read.ts';

const wireThread = z.object({ previous_message_id: anything });

/** The field that names an answer to go on from. */
export const continuedFrom = 'thread.previous_message_id';

/**
 * Throws `not-found` where the messages are only the end of a conversation whose beginning the API is to have kept:
 * this server keeps none, and clients that are told so send the whole.
 */
export function refuseContinuation(thread: unknown): void {
  const id = read(wireThread.nullish(), thread, 'thread')?.previous_message_id;
  if (id === undefined || id === null) return;
  throw new GatewayError('not-found', 'This server keeps no threads: send the whole conversation.', {
    param: continuedFrom,
  });
}
