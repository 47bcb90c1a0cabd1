import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { GatewayError } from '../core/error.ts';
import { quiet, withQuiet } from '../stream/keepalive.ts';
import type { Frame } from '../stream/sse.ts';
import type { Framing } from './framing.ts';

export interface FrameStreamOptions {
  framing: Framing;
  /** Silence after which a sign of life is sent. */
  keepAliveMs: number;
  /** Aborted at the latest when the response closes. */
  signal: AbortSignal;
  /** What is told of a failure after so many frames. */
  failureFrames(error: GatewayError, sent: number): Frame[];
}

/**
 * Writes the frames as the reader takes them and ends the response. Returns the failure that cut them short, if any:
 * the reader has been told by then, or is gone. Node joins the writes of one tick into one packet by itself.
 */
export async function writeFrameStream(
  response: ServerResponse,
  frames: AsyncIterable<Frame>,
  { framing, keepAliveMs, signal, failureFrames }: FrameStreamOptions,
): Promise<GatewayError | undefined> {
  let sent = 0;
  const encode = (frame: Frame) => {
    const text = framing.frame(frame, sent);
    sent += 1;
    return text;
  };
  try {
    for await (const frame of withQuiet(frames, keepAliveMs)) {
      const taken = response.write(frame === quiet ? framing.keepAlive : encode(frame));
      if (!taken) await drained(response, signal);
    }
    response.end(framing.end(sent));
    return undefined;
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    // A reader that has stopped reading would keep its socket for as long as it likes.
    if (response.writableNeedDrain) response.destroy();
    else response.end(failureFrames(error, sent).map(encode).join('') + framing.end(sent));
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
