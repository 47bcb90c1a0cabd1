import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { type ClientOptions, WebSocket } from 'ws';
import { eventually } from '../../../test/support/eventually.ts';
import { finish, type Script, scripted, startServer, type TestServer } from '../../../test/support/http-server.ts';
import { memoryResponses } from '../../../test/support/memory-responses.ts';
import { GatewayError } from '../../core/error.ts';
import type { Message } from '../../core/message.ts';
import { openaiResponses } from '../../dialects/openai-responses/openai-responses.ts';
import type { HttpSettings } from '../settings.ts';

interface Event {
  type: string;
  stream_id?: string;
  sequence_number?: number;
  delta?: string;
  status?: number;
  error?: { code: string; message: string; param: string | null };
  response: { id: string; status: string; store: boolean; output: unknown[] };
}

const textOf = ({ content }: Message) => content.map((part) => ('text' in part ? part.text : '')).join('');

const echo: Script = (signal, { request }) => {
  const last = request.messages.at(-1);
  return [scripted(signal, `re: ${last ? textOf(last) : ''}`, finish)];
};

async function start(script: Script = echo, settings: Partial<HttpSettings> = {}) {
  const seen: string[][] = [];
  const noting: Script = (signal, operation, context) => {
    seen.push(operation.request.messages.map((message) => `${message.role}: ${textOf(message)}`));
    return script(signal, operation, context);
  };
  const server = await startServer(noting, settings, { dialects: [openaiResponses], responses: memoryResponses() });
  return { server, seen, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** A client that notes every message and can wait for the next one that fits. */
class Client implements Disposable {
  readonly socket: WebSocket;
  readonly events: Event[] = [];
  #read = 0;

  constructor(server: TestServer, options: ClientOptions = {}, path = '/v1/responses') {
    this.socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, options);
    this.socket.on('message', (data) => this.events.push(JSON.parse(data.toString())));
    this.socket.on('error', () => {});
  }

  async open(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  ask(body: object): void {
    this.socket.send(JSON.stringify({ type: 'response.create', model: 'm', ...body }));
  }

  /** The next message whose type is one of these. */
  next(...types: string[]): Promise<Event> {
    return eventually(types.join(' or '), () => {
      for (let event = this.events[this.#read]; event; event = this.events[this.#read]) {
        this.#read += 1;
        if (types.includes(event.type)) return event;
      }
      return undefined;
    });
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

/** The HTTP answer to a handshake that is refused. */
async function refusal(server: TestServer, options: ClientOptions = {}, path?: string) {
  using client = new Client(server, options, path);
  const [, response] = (await once(client.socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const chunks = await response.toArray();
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
}

describe('a WebSocket of responses', () => {
  it('answers as a stream does, and goes on by id without anything being stored', async () => {
    await using test = await start();
    using client = await new Client(test.server).open();
    client.ask({ input: 'One', store: false });
    const first = await client.next('response.completed');
    assert.deepEqual(
      client.events.map(({ sequence_number: number }) => number),
      client.events.map((_, index) => index),
    );
    client.ask({ input: 'Two', store: false, previous_response_id: first.response.id });
    const second = await client.next('response.completed');
    client.ask({ input: 'Three', store: false, previous_response_id: second.response.id });
    await client.next('response.completed');
    assert.deepEqual(test.seen.at(-1), [
      'user: One',
      'assistant: re: One',
      'user: Two',
      'assistant: re: Two',
      'user: Three',
    ]);
    const stored = await fetch(`${test.server.url}/v1/responses/${first.response.id}`);
    assert.equal(stored.status, 404);
    using other = await new Client(test.server).open();
    other.ask({ input: 'Two', previous_response_id: first.response.id });
    const { error, status } = await other.next('error');
    assert.deepEqual([status, error?.code], [404, 'previous_response_not_found']);
    const lines = await test.server.requestLines(4);
    const told = lines.filter(({ method }) => method === 'WEBSOCKET');
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['ok', 'ok', 'ok', 'not-found'],
    );
  });

  it('remembers what was said over it where nothing is stored', async () => {
    await using server = await startServer(echo, {}, { dialects: [openaiResponses] });
    using client = await new Client(server).open();
    client.ask({ input: 'One', store: true });
    const { response } = await client.next('response.completed');
    assert.equal(response.store, false);
    client.ask({ input: 'Two', previous_response_id: response.id });
    await client.next('response.completed');
    client.ask({ input: 'Two', previous_response_id: 'resp_none' });
    assert.equal((await client.next('error')).error?.code, 'previous_response_not_found');
  });

  it('is spoken by the openai package', async () => {
    await using test = await start(echo, { apiKeys: ['key-of-ada'] });
    const client = new OpenAI({ baseURL: `${test.server.url}/v1`, apiKey: 'key-of-ada' });
    const socket = new ResponsesWS(client);
    const completed = Promise.withResolvers<unknown>();
    socket.on('error', completed.reject);
    socket.on('response.completed', ({ response }) => completed.resolve(response.output));
    socket.send({ type: 'response.create', model: 'm', input: 'One' });
    assert.match(JSON.stringify(await completed.promise), /re: One/);
    socket.close();
  });

  it('shares what is stored with the other paths', async () => {
    await using test = await start();
    using client = await new Client(test.server, {}, '/responses?x=1').open();
    client.ask({ input: 'One' });
    const { response } = await client.next('response.completed');
    const found = await fetch(`${test.server.url}/v1/responses/${response.id}`);
    assert.equal(found.status, 200);
  });

  it('gets a conversation ready without asking the model', async () => {
    await using test = await start();
    using client = await new Client(test.server).open();
    client.ask({ input: [{ role: 'user', content: 'One' }], generate: false, store: false });
    const { response } = await client.next('response.completed');
    assert.deepEqual(response.output, []);
    assert.equal(test.seen.length, 0);
    client.ask({ input: [], store: false, previous_response_id: response.id });
    await client.next('response.completed');
    assert.deepEqual(test.seen, [['user: One']]);
  });

  it('answers one request of a stream after the other, and streams side by side', async () => {
    const gate = Promise.withResolvers<void>();
    const script: Script = (signal, operation, context) => {
      const last = operation.request.messages.at(-1);
      if (last && textOf(last) !== 'slow') return echo(signal, operation, context);
      return [
        (async function* () {
          yield { type: 'text-delta', text: 'slow' } as const;
          await gate.promise;
          yield finish;
        })(),
      ];
    };
    await using test = await start(script);
    using client = await new Client(test.server).open();
    client.ask({ input: 'slow', stream_id: 'a' });
    client.ask({ input: 'next', stream_id: 'a' });
    client.ask({ input: 'other', stream_id: 'b' });
    assert.equal((await client.next('response.completed')).stream_id, 'b');
    assert.deepEqual(test.seen.flat().sort(), ['user: other', 'user: slow']);
    gate.resolve();
    for (const _ of ['slow', 'next']) assert.equal((await client.next('response.completed')).stream_id, 'a');
  });

  it('tells failures as messages, and stays open', async () => {
    const script: Script = (signal, operation, context) => {
      const last = operation.request.messages.at(-1);
      if (last && textOf(last) === 'late') return [scripted(signal, 'a', new GatewayError('overloaded', 'Too busy.'))];
      if (last && textOf(last) === 'early') return [scripted(signal, new GatewayError('overloaded', 'Too busy.'))];
      return echo(signal, operation, context);
    };
    await using test = await start(script);
    using client = await new Client(test.server).open();
    const fault = async (message: string, ...types: string[]) => {
      client.socket.send(message);
      return client.next(...types);
    };
    const create = (rest: object) => JSON.stringify({ type: 'response.create', model: 'm', ...rest });
    for (const [message, status, code] of [
      ['{"type":', 400, 'invalid_request'],
      ['{"type":"session.update"}', 400, 'invalid_request'],
      [create({ input: 3 }), 400, 'invalid_request'],
      [create({ model: 'nothing', input: 'x' }), 404, 'model_not_found'],
      [create({ input: 'early' }), 503, undefined],
      [create({ input: 'x', background: true }), 400, undefined],
    ] as const) {
      const { error, status: told } = await fault(message, 'error');
      assert.equal(told, status, message);
      if (code === 'model_not_found') assert.equal(error?.code, code);
      assert.ok(error?.message);
    }
    const late = await fault(create({ input: 'late' }), 'response.failed');
    assert.equal(late.response.status, 'failed');
    await client.next('error');
    client.ask({ input: 'fine' });
    await client.next('response.completed');
  });

  it('is refused in words where HTTP would be', async () => {
    await using open = await start();
    const foreign = await refusal(open.server, { origin: 'https://evil.example' });
    assert.equal(foreign.status, 403);
    assert.match(foreign.body, /evil\.example/);
    assert.equal((await refusal(open.server, { headers: { host: 'evil.example' } })).status, 403);
    assert.equal((await refusal(open.server, {}, '/v1/nowhere')).status, 404);
    assert.equal((await refusal(open.server, {}, '/v1/responses/resp_1')).status, 404);
    using page = await new Client(open.server, { origin: 'http://localhost:3000' }).open();
    assert.equal(page.socket.readyState, WebSocket.OPEN);
    assert.equal((await fetch(`${open.server.url}/v1/responses`)).status, 405);

    await using closed = await start(echo, { apiKeys: ['key-of-ada'] });
    const { status, body } = await refusal(closed.server);
    assert.equal(status, 401);
    assert.match(body, /API key is needed/);
    using client = await new Client(closed.server, { headers: { authorization: 'Bearer key-of-ada' } }).open();
    client.ask({ input: 'One' });
    await client.next('response.completed');
    const lines = await closed.server.requestLines(2);
    assert.deepEqual(
      lines.map(({ outcome }) => outcome),
      ['invalid-api-key', 'ok'],
    );
  });

  it('does not stand in the way of requests that would upgrade to something else', async () => {
    await using test = await start();
    const request = httpRequest(`${test.server.url}/v1/responses`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' },
    });
    request.end(JSON.stringify({ model: 'm', input: 'One' }));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 200);
    response.resume();
  });

  it('takes no message that is larger than a body may be, and no bytes', async () => {
    await using test = await start(echo, { maxBodyBytes: 10_000 });
    using large = await new Client(test.server).open();
    large.ask({ input: 'x'.repeat(20_000) });
    assert.equal((await once(large.socket, 'close'))[0], 1009);
    using binary = await new Client(test.server).open();
    binary.socket.send(Buffer.from([1, 2, 3]));
    assert.equal((await once(binary.socket, 'close'))[0], 1003);
  });

  it('stops the answer of a caller that hangs up', async () => {
    await using test = await start((signal) => [scripted(signal, 'a', 60_000, finish)]);
    using client = await new Client(test.server).open();
    client.ask({ input: 'One' });
    await client.next('response.output_text.delta');
    client.socket.terminate();
    await eventually('it is stopped', () => test.server.contexts[0]?.signal.aborted);
  });

  it('waits for a reader that does not read', async () => {
    let made = 0;
    const piece = 'x'.repeat(100_000);
    await using test = await start((signal) => [
      (async function* () {
        for (; made < 2_000 && !signal.aborted; made += 1) yield { type: 'text-delta', text: piece } as const;
        yield finish;
      })(),
    ]);
    using client = await new Client(test.server).open();
    client.socket.pause();
    client.ask({ input: 'One', store: false });
    const before = await eventually('it stands still', async () => {
      const seen = made;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return seen > 0 && seen === made && seen;
    });
    assert.ok(before < 1_000, `${before} pieces were made for nobody`);
  });

  it('is pinged, and given up when no sign of life comes back', async () => {
    await using test = await start(echo, { sseKeepAliveMs: 30 });
    using alive = await new Client(test.server).open();
    using silent = await new Client(test.server, { autoPong: false }).open();
    await once(silent.socket, 'close');
    assert.equal(alive.socket.readyState, WebSocket.OPEN);
  });

  it('is closed with a reason when the server closes, after the answers under way', async () => {
    const gate = Promise.withResolvers<void>();
    const test = await start(() => [
      (async function* () {
        yield { type: 'text-delta', text: 'a' } as const;
        await gate.promise;
        yield finish;
      })(),
    ]);
    using busy = await new Client(test.server).open();
    using idle = await new Client(test.server).open();
    busy.ask({ input: 'One' });
    await busy.next('response.output_text.delta');
    const closed = test.server[Symbol.asyncDispose]();
    const [code, reason] = (await once(idle.socket, 'close')) as [number, Buffer];
    assert.deepEqual([code, reason.toString()], [1001, 'The server is closing.']);
    gate.resolve();
    await busy.next('response.completed');
    await closed;
  });
});
