import type { FastifyReply, FastifyRequest } from 'fastify';
import { foldCompletion } from '../core/completion.ts';
import type { Operation } from '../core/operation.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { beginAnswer, noteRequest } from './begin-answer.ts';
import { decodeContextOf } from './decode-context.ts';
import { eventStream, jsonArray } from './framing.ts';
import type { GatewayPort } from './gateway-port.ts';
import { headerList, headerText } from './header-text.ts';
import { holdHead } from './hold-head.ts';
import { emptyBody } from './json-body.ts';
import type { RequestRecord } from './request-record.ts';
import { RequestSignal } from './request-signal.ts';
import { sendFrames } from './send-frames.ts';
import type { HttpSettings } from './settings.ts';

export interface GenerateOptions {
  gateway: GatewayPort;
  settings: HttpSettings;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * The handler of one dialect's paths: from a body to an answer, streamed or whole. `dialectOf` may have it spoken
 * differently to each caller.
 */
export function createGenerate(dialectOf: (request: FastifyRequest) => Dialect, options: GenerateOptions): Handler {
  return async (request, reply) => {
    const dialect = dialectOf(request);
    if (request.body === undefined) throw emptyBody();
    const { settings } = options;
    const operation = dialect.decode(request.body, decodeContextOf(request, settings));
    if (operation.kind === 'count-tokens') return count(dialect, operation, { request, reply }, options);
    const { record } = request;
    noteRequest(operation, record, settings);

    using work = new RequestSignal(reply.raw, settings.maxTimeoutMs);
    const { signal } = work;
    const asking = { requestId: request.id, record, signal };
    const { choices, context } = await beginAnswer(dialect, operation, asking, options.gateway);
    reply.headers(answerHeaders(record));
    if (!operation.stream) return dialect.whole(await Promise.all(choices.map(foldCompletion)), context);

    const framing = dialect.framing?.(operation.options) === 'json-array' ? jsonArray : eventStream(dialect.keepAlive);
    const held = await holdHead(choices, settings.firstEventHoldMs);
    await sendFrames({ request, reply }, dialect.frames(held, context), {
      framing,
      keepAliveMs: settings.sseKeepAliveMs,
      signal,
      failureFrames: (error, sent) =>
        dialect.failureFrames?.(error, context, sent) ?? [dialect.errorFrame(error, { requestId: request.id })],
    });
    return undefined;
  };
}

/** The handler of the paths on which a dialect counts the tokens of a request. */
export function createTokenCount(dialectOf: (request: FastifyRequest) => Dialect, options: GenerateOptions): Handler {
  return async (request, reply) => {
    const dialect = dialectOf(request);
    if (request.body === undefined) throw emptyBody();
    const decode = dialect.tokenCount?.decode ?? dialect.decode;
    const operation = decode(request.body, decodeContextOf(request, options.settings));
    return count(dialect, operation, { request, reply }, options);
  };
}

async function count(
  dialect: Dialect,
  operation: Operation,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { gateway, settings }: GenerateOptions,
): Promise<unknown> {
  noteRequest(operation, request.record, settings);
  const tokens = await gateway.countTokens(operation);
  reply.header('x-token-count', 'estimated');
  return dialect.tokenCount?.whole(tokens);
}

/** Who answers, and what was asked in vain. */
export function answerHeaders({ route = '', ignored = [] }: RequestRecord): Record<string, string> {
  return { 'x-route': headerText(route), ...(ignored.length > 0 && { 'x-ignored-params': headerList(ignored) }) };
}
