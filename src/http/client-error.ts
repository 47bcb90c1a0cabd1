import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { GatewayError } from '../core/error.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { requestId } from './request-id.ts';

const failures: Record<string, [status: number, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of this request are too large.'],
};

/** The client went away in the middle of its request. */
const hangUps: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

/** Answers bytes that never became a request: too slow, too large or not HTTP. */
export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  { dialect, log }: { dialect: Dialect; log: FastifyBaseLogger },
): void {
  // Once an answer has left by this socket, further bytes would end up in the middle of it.
  if (hangUps.has(error.code) || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const [status, message] = failures[error.code ?? ''] ?? [400, 'This is not a valid HTTP request.'];
  const id = requestId({ headers: {} });
  log.info({ requestId: id, status, reason: error.code }, 'Request refused: it never arrived in full');
  const body = JSON.stringify(dialect.error(new GatewayError('invalid-request', message)));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
