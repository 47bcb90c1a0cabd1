import type { IncomingMessage } from 'node:http';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { GatewayError } from '../core/error.ts';
import type { StoredResponses } from '../core/stored-response.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { createAuthentication, unauthenticated } from './authentication.ts';
import { answerClientError } from './client-error.ts';
import { createCors } from './cors.ts';
import { errorHeaders } from './error-headers.ts';
import type { GatewayPort } from './gateway-port.ts';
import { createGenerate, createTokenCount } from './generate.ts';
import { createHostGuard } from './host-guard.ts';
import { parseJsonBody } from './json-body.ts';
import { KnownPaths } from './known-paths.ts';
import { addModelRoutes, modelPaths } from './models.ts';
import { requestFailure } from './request-failure.ts';
import { requestId } from './request-id.ts';
import { logRequest } from './request-log.ts';
import { elapsedMs, type RequestRecord } from './request-record.ts';
import { createParts } from './responses/parts.ts';
import { addResponseRoutes, responseDialects, responsePaths } from './responses/routes.ts';
import { addResponseSockets, isSocketRequest } from './responses/upgrade.ts';
import { Routes } from './routes.ts';
import type { HttpSettings } from './settings.ts';
import { statusOf } from './status.ts';
import { answerUnmetExpectation } from './unmet-expectation.ts';

export interface AppOptions {
  gateway: GatewayPort;
  /** At least one; the first speaks for paths that belong to none. */
  dialects: readonly [Dialect, ...Dialect[]];
  settings: HttpSettings;
  log: Logger;
  version: string;
  /** Where the answers of OpenAI's responses are kept; left out, they are not. */
  responses?: StoredResponses;
}

declare module 'fastify' {
  interface FastifyRequest {
    record: RequestRecord;
  }
}

/** The HTTP application, not yet listening. Closing it waits for the answers that are under way. */
export function createApp({ gateway, dialects, settings, log, version, responses }: AppOptions): FastifyInstance {
  const [firstDialect] = dialects;
  const routes = new Routes(dialects);
  const listPaths = [...modelPaths, ...dialects.flatMap(({ modelPaths: own = [] }) => own)];
  const speaksResponses = dialects.some((dialect) => responseDialects.has(dialect));
  const known = new KnownPaths({
    get: ['/', '/health', ...listPaths],
    getBelow: listPaths,
    post: [...routes.posts.keys()],
    patterns: speaksResponses ? responsePaths : [],
  });
  const guardHost = createHostGuard(settings);
  const cors = createCors(settings);
  const authenticate = createAuthentication(settings.apiKeys);
  const loggerInstance: FastifyBaseLogger = log;

  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestId,
    bodyLimit: settings.maxBodyBytes,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 1000 },
    return503OnClosing: false,
    // Times for a request to arrive; they say nothing about how long its answer may take.
    // A request without a host is refused further down, where the refusal has a body.
    http: {
      headersTimeout: 20_000,
      requireHostHeader: false,
      shouldUpgradeCallback: (request) => speaksResponses && isSocketRequest(request),
    },
    requestTimeout: 120_000,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, { dialect: firstDialect, log }),
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      fail(error, request, reply);
    },
  });

  function begin(request: FastifyRequest, reply: FastifyReply): void {
    const [path = '/'] = request.url.split('?');
    const dialect = routes.dialectOf(request.method, path, request.headers);
    request.record = { method: request.method, path, startedAt: performance.now(), dialect };
    reply.raw.once('close', () => logRequest(request.log, request.record, reply.raw));
    reply.headers({ 'x-request-id': request.id, 'openai-version': '2020-10-01' });
  }

  function fail(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { record } = request;
    const error = requestFailure(thrown, settings);
    record.error = error;
    // Fastify closes the connection on a body it refuses, which can cut off the very answer that says why.
    reply.removeHeader('connection');
    return reply
      .code(statusOf[error.kind])
      .headers(errorHeaders(error))
      .send(record.dialect.error(error, { requestId: request.id }));
  }

  // A caller that has sent its request and closed its side still waits for the answer.
  Object.assign(app.server, { httpAllowHalfOpen: true });
  app.server.on('checkExpectation', (request, response) =>
    answerUnmetExpectation(request, response, { dialect: firstDialect, log }),
  );
  app.decorateRequest('record');
  app.setErrorHandler(fail);
  app.removeAllContentTypeParsers();
  for (const type of ['application/json', /^application\/[\w.-]+\+json\b/]) {
    app.addContentTypeParser(type, { parseAs: 'string' }, async (_request: FastifyRequest, body: string) =>
      parseJsonBody(body),
    );
  }

  app.addHook('onRequest', async (request, reply) => {
    begin(request, reply);
    const { record } = request;
    requireHost(request.raw);
    guardHost(request.raw);
    const { preflight, headers } = cors(request.method, request.headers);
    reply.headers(headers);
    if (preflight) return reply.code(204).send();
    record.caller = authenticate(request.headers, queryKey(request));
    if (record.caller === undefined && request.routeOptions.url !== '/health') throw unauthenticated(request.headers);
    if (request.is404) {
      const allowed = known.methods(record.path);
      if (allowed !== undefined) reply.header('allow', allowed);
      if (allowed !== undefined && request.method === 'OPTIONS') return reply.code(204).send();
      throw noRoute(record, allowed);
    }
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw new GatewayError('unsupported-media-type', 'The request body must not be compressed.');
    }
    return undefined;
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header('openai-processing-ms', elapsedMs(request.record));
  });

  // The hooks answer before this is reached; without a handler of our own they would not run.
  app.setNotFoundHandler(({ record }) => {
    throw noRoute(record, known.methods(record.path));
  });
  if (speaksResponses) {
    const parts = createParts({ gateway, settings, store: responses, log: app.log });
    addResponseRoutes(app, parts);
    addResponseSockets(app, parts);
  }
  for (const [path, { dialect, counts }] of routes.posts) {
    if (responseDialects.has(dialect)) continue;
    const options = { gateway, settings };
    app.post(
      path,
      (counts ? createTokenCount : createGenerate)(() => dialect, options),
    );
  }
  addModelRoutes(app, gateway, listPaths);
  app.get('/health', async ({ record }) => {
    if (record.caller === undefined) return { status: 'healthy' };
    return { status: 'healthy', version, ...gateway.health() };
  });
  app.get('/', async () => ({ name: 'clis-wrapper', version, models: '/v1/models', health: '/health' }));
  return app;
}

/** Where one dialect's clients have it. Query strings are never logged. */
function queryKey({ query }: FastifyRequest): string | undefined {
  const { key } = query as { key?: unknown };
  return typeof key === 'string' ? key : undefined;
}

function noRoute({ method, path }: RequestRecord, allowed: string | undefined): GatewayError {
  const shown = path.slice(0, 200);
  if (allowed === undefined) return new GatewayError('not-found', `There is nothing at ${shown}.`);
  return new GatewayError('method-not-allowed', `${method} is not possible here; ${shown} takes ${allowed}.`);
}

/** HTTP/1.1 wants the name of the host in every request. */
function requireHost({ httpVersion, headers }: IncomingMessage): void {
  if (headers.host !== undefined || httpVersion === '1.0') return;
  throw new GatewayError('invalid-request', 'The request lacks its Host header.');
}
