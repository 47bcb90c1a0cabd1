import type { FastifyReply, FastifyRequest } from 'fastify';
import { isObject } from '../../dialects/read.ts';
import { noteRequest } from '../begin-answer.ts';
import { decodeContextOf } from '../decode-context.ts';
import { answerHeaders, createGenerate } from '../generate.ts';
import { callerOf } from './caller.ts';
import { followBackground } from './follow.ts';
import { keepingDialect } from './keeping-dialect.ts';
import type { ResponseParts } from './parts.ts';

/** The handler of requests for a response: at once, or in the background. */
export function createResponse(parts: ResponseParts) {
  const { gateway, settings, background } = parts;
  const dialectOf = (request: FastifyRequest) => keepingDialect(callerOf(request), parts.shelfOf(callerOf(request)));
  const generate = createGenerate(dialectOf, { gateway, settings });

  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { body, record, id: requestId } = request;
    if (!isObject(body) || body.background !== true) return generate(request, reply);
    const caller = callerOf(request);
    const operation = dialectOf(request).decode(body, decodeContextOf(request, settings));
    noteRequest(operation, record, settings);
    const own = { ...record, method: 'BACKGROUND' };
    const response = await background.start({
      requestId,
      caller,
      shelf: parts.shelfOf(caller),
      operation,
      record: own,
      log: request.log,
    });
    Object.assign(record, { route: own.route, ignored: own.ignored });
    reply.headers(answerHeaders(record));
    if (operation.stream) return followBackground(response, -1, { request, reply }, settings);
    return { ...response.stored.response, status: 'queued' };
  };
}
