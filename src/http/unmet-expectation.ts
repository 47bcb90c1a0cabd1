import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { GatewayError } from '../core/error.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { requestId } from './request-id.ts';

const status = 417;

/** Answers a request that expects something else than `100-continue`: Node hands those to nobody else. */
export function answerUnmetExpectation(
  request: IncomingMessage,
  response: ServerResponse,
  { dialect, log }: { dialect: Dialect; log: FastifyBaseLogger },
): void {
  const id = requestId(request);
  log.info({ requestId: id, status }, 'Request refused: it expects what this server does not do');
  const error = new GatewayError('invalid-request', 'The only expectation that can be met is "Expect: 100-continue".');
  const body = JSON.stringify(dialect.error(error));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-request-id': id,
    connection: 'close',
  });
  response.end(body);
}
