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

/** Answers bytes that never became a request: too slow, too large or not HTTP. */
export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  { dialect, log }: { dialect: Dialect; log: FastifyBaseLogger },
): void {
  const [status, message] = failures[error.code ?? ''] ?? [400, 'This is not a valid HTTP request.'];
  const id = requestId({ headers: {} });
  if (error.code !== 'ECONNRESET') log.info({ requestId: id, status, reason: error.code }, 'Connection refused');
  // Once an answer has left by this socket, further bytes would end up in the middle of it.
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
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
