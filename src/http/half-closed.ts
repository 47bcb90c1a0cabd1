import type { ServerResponse } from 'node:http';
import { keepAliveComment } from '../stream/sse.ts';

const firstPauseMs = 10;
const longestPauseMs = 2_000;

/**
 * Finds out what a caller means that ends its side of the connection while its answer is being made: it may be gone, or,
 * like `nc -N`, have said all that it had to say. Only bytes tell, since a caller that is gone resets the connection, which
 * closes the response. The function that comes back ends the search.
 */
export function probeHalfClosed(response: ServerResponse): () => void {
  const { socket } = response.req;
  let timer: NodeJS.Timeout | undefined;
  const probe = (pauseMs: number) => {
    if (response.writableEnded || response.destroyed) return;
    if (!sendLittle(response)) response.destroy();
    else timer = setTimeout(probe, pauseMs, Math.min(pauseMs * 2, longestPauseMs));
  };
  const begin = () => {
    response.shouldKeepAlive = false;
    probe(firstPauseMs);
  };
  if (socket.readableEnded) begin();
  else socket.once('end', begin);
  return () => {
    clearTimeout(timer);
    socket.off('end', begin);
  };
}

/** Sends what is no part of the answer; false where the caller can be sent nothing of the kind. */
function sendLittle(response: ServerResponse): boolean {
  if (response.headersSent) {
    if (!response.writableNeedDrain) response.write(keepAliveComment);
    return true;
  }
  // HTTP/1.0 knows nothing that comes before an answer.
  if (response.req.httpVersion === '1.0') return false;
  response.writeProcessing();
  return true;
}
