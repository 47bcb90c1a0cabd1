import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { GatewayError } from '../core/error.ts';
import { quiet, withQuiet } from '../stream/keepalive.ts';
import { encodeFrame, type Frame, keepAliveComment } from '../stream/sse.ts';

export interface EventStreamOptions {
  /** Silence after which a comment is sent. */
  keepAliveMs: number;
  /** Aborted at the latest when the response closes. */
  signal: AbortSignal;
  errorFrame(error: GatewayError): Frame;
}

export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

/**
 * Writes the frames as the reader takes them and ends the response. Returns the failure that cut them short, if any:
 * the reader has been told by then, or is gone. Node joins the writes of one tick into one packet by itself.
 */
export async function writeEventStream(
  response: ServerResponse,
  frames: AsyncIterable<Frame>,
  { keepAliveMs, signal, errorFrame }: EventStreamOptions,
): Promise<GatewayError | undefined> {
  try {
    for await (const frame of withQuiet(frames, keepAliveMs)) {
      const taken = response.write(frame === quiet ? keepAliveComment : encodeFrame(frame));
      if (!taken) await drained(response, signal);
    }
    response.end();
    return undefined;
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    // A reader that has stopped reading would keep its socket for as long as it likes.
    if (response.writableNeedDrain) response.destroy();
    else response.end(encodeFrame(errorFrame(error)));
    return error;
  }
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal });
  } catch (thrown) {
    throw signal.aborted ? signal.reason : thrown;
  }
}
