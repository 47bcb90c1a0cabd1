import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { foldCompletion } from '../core/completion.ts';
import type { Operation } from '../core/operation.ts';
import type { AnswerContext, Dialect } from '../dialects/dialect.ts';
import { decodeContextOf } from './decode-context.ts';
import { writeFrameStream } from './frame-stream.ts';
import { eventStream, jsonArray } from './framing.ts';
import type { GatewayPort } from './gateway-port.ts';
import { headerList, headerText } from './header-text.ts';
import { holdHead } from './hold-head.ts';
import { emptyBody } from './json-body.ts';
import { loggableMessages } from './request-log.ts';
import { elapsedMs, recordEvents } from './request-record.ts';
import { RequestSignal } from './request-signal.ts';
import type { HttpSettings } from './settings.ts';
import { eachUntilAborted, untilAborted } from './until-aborted.ts';

export interface GenerateOptions {
  gateway: GatewayPort;
  settings: HttpSettings;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** The handler of one dialect's paths: from a body to an answer, streamed or whole. */
export function createGenerate(dialect: Dialect, options: GenerateOptions): Handler {
  const events = eventStream(dialect.keepAlive);
  return async (request, reply) => {
    if (request.body === undefined) throw emptyBody();
    const { settings } = options;
    const operation = dialect.decode(request.body, decodeContextOf(request, settings));
    if (operation.kind === 'count-tokens') return count(dialect, operation, { request, reply }, options);
    note(operation, request, settings);

    using work = new RequestSignal(reply.raw, settings.maxTimeoutMs);
    const { signal } = work;
    const { choices, context } = await begin(dialect, operation, { request, reply, signal }, options);
    if (!operation.stream) return dialect.whole(await Promise.all(choices.map(foldCompletion)), context);

    const { record } = request;
    const framing = dialect.framing?.(operation.options) === 'json-array' ? jsonArray : events;
    const held = await holdHead(choices, settings.firstEventHoldMs);
    reply.headers({ ...framing.headers, 'openai-processing-ms': elapsedMs(record) });
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    record.error = await writeFrameStream(reply.raw, dialect.frames(held, context), {
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
export function createTokenCount(dialect: Dialect, options: GenerateOptions): Handler {
  return async (request, reply) => {
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
  note(operation, request, settings);
  const tokens = await gateway.countTokens(operation);
  reply.header('x-token-count', 'estimated');
  return dialect.tokenCount?.whole(tokens);
}

/** What the log line says of a request that could be read. */
function note(operation: Operation, { record }: FastifyRequest, settings: HttpSettings): void {
  record.model = operation.request.model;
  record.stream = operation.stream;
  if (settings.logPrompts) record.messages = loggableMessages(operation.request);
}

async function begin(
  dialect: Dialect,
  operation: Operation,
  { request, reply, signal }: { request: FastifyRequest; reply: FastifyReply; signal: AbortSignal },
  { gateway }: GenerateOptions,
) {
  const { record } = request;
  const caller = record.caller ?? 'local';
  const asking = { requestId: request.id, caller, dialect: dialect.name, signal };
  const answer = await untilAborted(gateway.generate(operation, asking), signal);
  record.route = answer.route;
  record.ignored = [...new Set([...operation.ignored, ...answer.ignored])];
  reply.header('x-route', headerText(answer.route));
  if (record.ignored.length > 0) reply.header('x-ignored-params', headerList(record.ignored));
  const choices = answer.choices.map((events) => recordEvents(eachUntilAborted(events, signal), record));
  const context: AnswerContext = {
    id: randomUUID().replaceAll('-', ''),
    createdAt: new Date(),
    model: answer.model,
    options: operation.options,
  };
  return { choices, context };
}
