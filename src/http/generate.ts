import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { foldCompletion } from '../core/completion.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { eventStreamHeaders, writeEventStream } from './event-stream.ts';
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

/** The handler of one dialect's paths: from a body to an answer, streamed or whole. */
export function createGenerate(dialect: Dialect, { gateway, settings }: GenerateOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { record } = request;
    if (request.body === undefined) throw emptyBody();
    const operation = dialect.decode(request.body, settings);
    record.model = operation.request.model;
    record.stream = operation.stream;
    if (settings.logPrompts) record.messages = loggableMessages(operation.request);

    using work = new RequestSignal(reply.raw, settings.maxTimeoutMs);
    const { signal } = work;
    const caller = record.caller ?? 'local';
    const context = { requestId: request.id, caller, dialect: dialect.name, signal };
    const answer = await untilAborted(gateway.generate(operation, context), signal);
    record.route = answer.route;
    record.ignored = [...new Set([...operation.ignored, ...answer.ignored])];
    reply.header('x-route', headerText(answer.route));
    if (record.ignored.length > 0) reply.header('x-ignored-params', headerList(record.ignored));

    const choices = answer.choices.map((events) => recordEvents(eachUntilAborted(events, signal), record));
    const answerContext = {
      id: randomUUID().replaceAll('-', ''),
      createdAt: new Date(),
      model: answer.model,
      options: operation.options,
    };
    if (!operation.stream) return dialect.whole(await Promise.all(choices.map(foldCompletion)), answerContext);

    const held = await holdHead(choices, settings.firstEventHoldMs);
    reply.headers({ ...eventStreamHeaders, 'openai-processing-ms': elapsedMs(record) });
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    record.error = await writeEventStream(reply.raw, dialect.frames(held, answerContext), {
      keepAliveMs: settings.sseKeepAliveMs,
      signal,
      errorFrame: (error) => dialect.errorFrame(error),
    });
    return undefined;
  };
}
