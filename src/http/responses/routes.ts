import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GatewayError } from '../../core/error.ts';
import type { StoredResponse } from '../../core/stored-response.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { openaiCompaction, openaiResponses, tokenCount } from '../../dialects/openai-responses/openai-responses.ts';
import type { CompactOptions } from '../../dialects/openai-responses/options.ts';
import type { ResponseObject } from '../../dialects/openai-responses/response-object.ts';
import { shownResponse } from '../../dialects/openai-responses/stored-response.ts';
import { read } from '../../dialects/read.ts';
import { createGenerate, createTokenCount } from '../generate.ts';
import { callerOf } from './caller.ts';
import { createResponse } from './create.ts';
import { followBackground, followStored } from './follow.ts';
import { resolveHistory } from './history.ts';
import { itemPage } from './item-page.ts';
import { keepingDialect } from './keeping-dialect.ts';
import type { ResponseParts } from './parts.ts';
import type { Shelf } from './shelf.ts';

type OfOne = FastifyRequest<{ Params: { id: string } }>;

const listed = z.union([z.string().transform((name) => [name]), z.array(z.string())]);

/** Lists travel as `include[]=…` from some clients, as `include=…` from others. */
const wireQuery = z.object({
  include: listed.default([]),
  'include[]': listed.default([]),
  stream: z.enum(['true', 'false']).default('false'),
  starting_after: z.coerce.number().pipe(z.int().min(0)).optional(),
});

/** The dialects whose paths are all added here. */
export const responseDialects: ReadonlySet<Dialect> = new Set<Dialect>([openaiResponses, openaiCompaction]);

/** Which methods the paths below a response take, for telling a wrong method from a wrong path. */
export const responsePaths: readonly [RegExp, string][] = openaiResponses.paths.flatMap((path) => [
  [new RegExp(`^${path}/(?!compact$)[^/]+$`), 'GET, HEAD, DELETE, OPTIONS'],
  [new RegExp(`^${path}/[^/]+/input_items$`), 'GET, HEAD, OPTIONS'],
  [new RegExp(`^${path}/[^/]+/cancel$`), 'POST, OPTIONS'],
]);

/** Adds the routes that make responses, and those that tell of what was made. */
export function addResponseRoutes(app: FastifyInstance, parts: ResponseParts): void {
  const { background, settings, store } = parts;
  const find = (request: OfOne): StoredResponse => {
    const { id } = request.params;
    const caller = callerOf(request);
    const found = background.get(caller, id)?.stored ?? parts.shelfOf(caller).get(id);
    if (found === undefined) throw missing(id);
    return found;
  };
  const create = createResponse(parts);
  for (const path of openaiResponses.paths) {
    app.post(path, create);
    app.get(`${path}/:id`, async (request: OfOne, reply) => {
      const query = read(wireQuery, request.query, '');
      const { id, response } = find(request);
      const shown = shownResponse(asObject(response), [...query.include, ...query['include[]']]);
      if (query.stream === 'false') return shown;
      const after = query.starting_after ?? -1;
      const running = background.get(callerOf(request), id);
      if (running) return followBackground(running, after, { request, reply }, settings);
      return followStored({ ...shown }, after, { request, reply }, settings);
    });
    app.delete(`${path}/:id`, async (request: OfOne) => {
      const { id } = request.params;
      const caller = callerOf(request);
      const wasRunning = background.forget(caller, id);
      const wasStored = store?.delete(caller, id) ?? false;
      if (!wasRunning && !wasStored) throw missing(id);
      return { id, object: 'response', deleted: true };
    });
    app.get(`${path}/:id/input_items`, async (request: OfOne) => itemPage(find(request).input, request.query));
    app.post(`${path}/:id/cancel`, async (request: OfOne) => {
      const { id, response } = find(request);
      if (response.background !== true) {
        throw new GatewayError('invalid-request', 'Only a response that is made in the background can be cancelled.');
      }
      const running = background.get(callerOf(request), id);
      if (running?.cancel()) parts.shelfOf(callerOf(request)).keep(running.stored);
      return shownResponse(asObject(running?.stored.response ?? response), []);
    });
  }
  const spoken = (request: FastifyRequest) => keepingDialect(callerOf(request), parts.shelfOf(callerOf(request)));
  const count = createTokenCount(spoken, parts);
  for (const path of tokenCount.paths) app.post(path, count);
  const compact = createGenerate((request) => compacting(parts.shelfOf(callerOf(request))), parts);
  for (const path of openaiCompaction.paths) app.post(path, compact);
  app.addHook('onClose', () => background.finished());
}

/** What is to be compacted may be stored here. */
function compacting(shelf: Shelf): Dialect {
  return {
    ...openaiCompaction,
    decode: (body, context) => openaiCompaction.decode(resolveHistory(body, shelf).whole, context),
  } satisfies Dialect<CompactOptions> as Dialect;
}

/** What is stored was made as one. */
function asObject(response: Record<string, unknown>): ResponseObject {
  return response as unknown as ResponseObject;
}

function missing(id: string): GatewayError {
  return new GatewayError('not-found', `There is no response '${id.slice(0, 100)}'.`);
}
