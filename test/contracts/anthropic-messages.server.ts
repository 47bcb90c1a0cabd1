import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { foldCompletion } from '../../src/core/completion.ts';
import { GatewayError } from '../../src/core/error.ts';
import type { StreamEvent } from '../../src/core/event.ts';
import type { Operation } from '../../src/core/operation.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/anthropic-messages.ts';
import type { MessageOptions } from '../../src/dialects/anthropic-messages/options.ts';
import { encodeFrame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';

/** What a made-up model says to a request; it may throw. */
export type Model = (operation: Operation<MessageOptions>) => StreamEvent[];

interface Reply {
  status: number;
  type: 'application/json' | 'text/event-stream';
  body: string;
}

const requestId = 'req_test';
let answers = 0;

/** Answers a posted body as a server that speaks the dialect does. Requests to count tokens are told 42. */
export async function reply(path: string, body: unknown, model: Model): Promise<Reply> {
  try {
    if (anthropicMessages.tokenCount.paths.includes(path)) {
      anthropicMessages.tokenCount.decode(body, decodeContext);
      return json(200, anthropicMessages.tokenCount.whole(42));
    }
    if (!anthropicMessages.paths.includes(path)) throw new GatewayError('not-found', 'There is nothing here.');
    const operation = anthropicMessages.decode(body, decodeContext);
    return await answer(operation, model(operation));
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    if (error.kind === 'internal') throw thrown;
    const status = error.kind === 'not-found' ? 404 : error.kind === 'overloaded' ? 503 : 400;
    return json(status, anthropicMessages.error(error, { requestId }));
  }
}

/** The same behind a socket on loopback. */
export async function serve(model: Model): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(async (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const sent = await text(request);
    const { status, type, body } = await reply(path, sent === '' ? undefined : JSON.parse(sent), model);
    response.writeHead(status, { 'content-type': type, 'request-id': requestId }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer({ stream, request, options }: Operation<MessageOptions>, events: StreamEvent[]): Promise<Reply> {
  answers += 1;
  const answerContext = { id: `test${answers}`, createdAt: new Date(), model: request.model, options };
  if (!stream) return json(200, anthropicMessages.whole([await foldCompletion(streamOf(events))], answerContext));
  let body = '';
  for await (const frame of anthropicMessages.frames([streamOf(events)], answerContext)) {
    body += encodeFrame(frame) + encodeFrame(anthropicMessages.keepAlive);
  }
  return { status: 200, type: 'text/event-stream', body };
}

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

function json(status: number, value: unknown): Reply {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}
