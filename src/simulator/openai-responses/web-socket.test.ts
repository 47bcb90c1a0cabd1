import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type Simulator, startSimulator } from '../start-simulator.ts';
import { type ErrorObject, endOf, requestOf, type StreamEvent, textOf } from './test-client.ts';

const TIMEOUT = { timeout: 20_000 };

interface ErrorMessage {
  readonly type: 'error';
  readonly status: number;
  readonly error: ErrorObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client's side of one connection. */
class Connection implements Disposable {
  readonly socket: WebSocket;
  readonly closed: Promise<unknown>;
  #messages: string[] = [];
  #wake = () => {};

  constructor(simulator: Simulator, headers: Record<string, string> = { authorization: 'Bearer dummy' }) {
    this.socket = new WebSocket(`${simulator.url.replace('http', 'ws')}/v1/responses`, { headers });
    this.closed = once(this.socket, 'close').then(() => this.#wake());
    this.socket.on('message', (message) => {
      this.#messages.push(String(message));
      this.#wake();
    });
  }

  get messages(): readonly string[] {
    return this.#messages;
  }

  /** Asks and reads up to the message that ends the answer, or to the end of the connection. */
  async ask(request: string | object): Promise<StreamEvent[]> {
    await this.send(request);
    const isOver = () =>
      /^\{"type":"(response\.(completed|incomplete|failed)|error)"/.test(this.#messages.at(-1) ?? '');
    while (!isOver() && this.socket.readyState === WebSocket.OPEN) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#messages.splice(0).map((message) => JSON.parse(message));
  }

  async fail(request: string | object): Promise<ErrorMessage> {
    const messages: unknown[] = await this.ask(request);
    assert.equal(messages.length, 1, JSON.stringify(messages));
    return messages[0] as ErrorMessage;
  }

  async send(request: string | object): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    this.#messages = [];
    this.socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-test', ...requestOf(request) }));
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

const user = (content: string) => ({ type: 'message', role: 'user', content });

test('a message is answered by the events of a stream, one message each', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  const events = await connection.ask('[[text Hello there]] [[call f]]');
  assert.deepEqual(
    events.map(({ sequence_number: number }) => number),
    events.map((_, index) => index),
  );
  assert.equal(events[0]?.type, 'response.created');
  assert.equal(textOf(events), 'Hello there');
  assert.equal(endOf(events).output[1]?.type, 'function_call');
  const request = simulator.lastRequest();
  assert.ok(request);
  assert.deepEqual(
    [request.api, request.path, request.prompt.text.slice(0, 6)],
    ['openai-responses', '/v1/responses', '[[text'],
  );
  assert.equal(request.headers.upgrade, 'websocket');
  assert.equal(JSON.parse(request.rawBody).type, 'response.create');
  assert.deepEqual(request.body, { model: 'gpt-test', input: '[[text Hello there]] [[call f]]' });
  assert.equal((await request.closed).completed, true);
});

test('a request may go on from the latest response of its connection', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  const first = endOf(await connection.ask('[[call f {"a":1}]]'));
  const outputs = [{ type: 'function_call_output', call_id: first.output[0]?.call_id, output: '18 degrees' }];
  const second = await connection.ask({ previous_response_id: first.id, input: outputs });
  assert.match(textOf(second), /"18 degrees"/);
  assert.deepEqual(simulator.lastRequest()?.body, {
    model: 'gpt-test',
    input: [{ role: 'user', content: '[[call f {"a":1}]]' }, ...first.output, ...outputs],
  });
  const third = await connection.ask({ previous_response_id: endOf(second).id, input: [user('[[text more]]')] });
  assert.equal(textOf(third), 'more');
  assert.equal(
    simulator.lastRequest(({ body }) => (body as { input: unknown[] }).input.length === 5)?.prompt.text,
    '[[text more]]',
  );
  assert.equal(new Set(simulator.requests.map(({ clientPort }) => clientPort)).size, 1);
});

test('only the latest response is remembered, on its connection alone, and not after an error', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  using other = new Connection(simulator);
  const missing = async (from: Connection, id: string) => {
    const { status, error } = await from.fail({ previous_response_id: id, input: [user('go on')] });
    assert.deepEqual([status, error.code, error.param], [400, 'previous_response_not_found', 'previous_response_id']);
  };
  const first = endOf(await connection.ask('one'));
  const second = endOf(await connection.ask('two'));
  await missing(other, second.id);
  await missing(connection, first.id);
  await missing(connection, second.id);
});

test('a request that generates nothing prepares the next one', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  const events = await connection.ask({ generate: false, input: [user('[[text said]]')] });
  assert.deepEqual(
    events.map(({ type }) => type),
    ['response.created', 'response.in_progress', 'response.completed'],
  );
  assert.equal(simulator.lastRequest()?.prompt.text, '');
  const answer = await connection.ask({ previous_response_id: endOf(events).id, input: [] });
  assert.equal(textOf(answer), 'said');
  assert.equal((await connection.ask({ generate: false, input: [] })).at(-1)?.type, 'response.completed');
});

test('errors are messages with the status and headers of HTTP, and the connection stays', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  const limited = await connection.fail('[[status 429 {"retry-after":"7"}]]');
  assert.equal(limited.type, 'error');
  assert.deepEqual([limited.status, limited.error.code], [429, 'rate_limit_exceeded']);
  assert.deepEqual(limited.headers, { 'retry-after': '7' });
  const refused = await connection.fail({ input: [{ type: 'message', role: 'tool', content: 'a' }] });
  assert.deepEqual([refused.status, refused.error.param], [400, 'input[0].role']);
  assert.equal((await connection.fail({ input: [] })).error.param, 'input');
  assert.equal((await connection.fail({ type: 'session.update' })).error.param, 'type');
  using _ = simulator.script('boom', () => {
    throw new Error('the test is wrong');
  });
  assert.match((await connection.fail('boom')).error.message, /the test is wrong/);
  const failed = await connection.ask('[[text Half]] [[error overloaded_error]]');
  assert.deepEqual([textOf(failed), endOf(failed).error?.code], ['Half', 'server_is_overloaded']);
  assert.equal(textOf(await connection.ask('[[text fine]]')), 'fine');
});

test('limits that HTTP tells in headers come in a message of their own', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  const headers = { 'x-codex-primary-used-percent': '42', 'x-codex-primary-window-minutes': '300' };
  using _ = simulator.script('limits', [
    { type: 'headers', headers },
    { type: 'text', text: 'told' },
  ]);
  const [first, second] = await connection.ask('limits');
  assert.deepEqual((first as unknown as Record<string, unknown>).rate_limits, {
    allowed: true,
    limit_reached: false,
    primary: { used_percent: 42, window_minutes: 300, reset_at: null },
    secondary: null,
  });
  assert.equal(second?.type, 'response.created');
});

test('fragments split a message inside a character and lose nothing', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  assert.equal(textOf(await connection.ask('[[fragment 3]] [[text Grüße 😀 漢字]]')), 'Grüße 😀 漢字');
});

test('a cut connection still delivers what came before', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  assert.equal(textOf(await connection.ask('[[text Hello there]] [[cut]]')), 'Hello there');
  await connection.closed;
  assert.equal((await simulator.lastRequest()?.closed)?.completed, false);
});

test('a client that hangs up is noticed at once', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  for (const hangUp of ['close', 'terminate'] as const) {
    for (const prompt of ['[[text Hello]] [[hang]]', '[[hang]]', '[[slow 60000]] Hello', '[[wait 60000]]']) {
      simulator.clear();
      using connection = new Connection(simulator);
      await connection.send(prompt);
      const request = await simulator.waitForRequest(prompt, 5_000);
      const hungUpAt = performance.now();
      connection.socket[hangUp]();
      const { at, completed } = await request.closed;
      assert.equal(completed, false);
      assert.ok(at - hungUpAt < 2_000, `${hangUp} ${prompt}: ${at - hungUpAt} ms`);
    }
  }
});

test('a client that only ends its side of the connection is gone', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  const { hostname, port } = new URL(simulator.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  const ended = once(socket.resume(), 'end');
  const head = 'GET /v1/responses HTTP/1.1\r\nhost: x\r\nauthorization: Bearer dummy\r\nupgrade: websocket\r\n';
  socket.write(
    `${head}connection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${btoa('x'.repeat(16))}\r\n\r\n`,
  );
  const message = Buffer.from('{"type":"response.create","model":"m","input":"[[hang]]"}');
  // One whole text frame whose mask is zero.
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | message.length, 0, 0, 0, 0]), message]));
  const request = await simulator.waitForRequest('[[hang]]', 5_000);
  socket.end();
  assert.equal((await request.closed).completed, false);
  await ended;
  socket.destroy();
});

test('requests on one connection wait for each other', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using connection = new Connection(simulator);
  await connection.send('[[wait 100]] [[text first]]');
  await connection.send('[[text second]]');
  await simulator.waitForRequest('second', 5_000);
  assert.equal((await simulator.lastRequest('first')?.closed)?.completed, true);
  await simulator.lastRequest('second')?.closed;
  while (!connection.messages.at(-1)?.includes('response.completed')) await once(connection.socket, 'message');
  assert.deepEqual(
    connection.messages.flatMap((message) => JSON.parse(message).delta ?? []),
    ['first', 'second'],
  );
});

test('a handshake without a key, on another path or for another API is refused like any request', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  const refusal = async (path: string, headers: Record<string, string>) => {
    const socket = new WebSocket(simulator.url.replace('http', 'ws') + path, { headers });
    const [request, response] = await once(socket, 'unexpected-response');
    request.destroy();
    return response.statusCode;
  };
  const headers = { authorization: 'Bearer dummy' };
  assert.equal(await refusal('/v1/responses', {}), 401);
  assert.equal(await refusal('/v1/responses/compact', headers), 404);
  assert.equal(await refusal('/v1/messages', headers), 404);
  assert.deepEqual(
    simulator.requests.map(({ api, path }) => [api, path]),
    [
      ['openai-responses', '/v1/responses'],
      ['openai-responses', '/v1/responses/compact'],
      ['anthropic', '/v1/messages'],
    ],
  );
});

test('disposing ends every connection, idle or not', TIMEOUT, async () => {
  const simulator = await startSimulator();
  const connections = Array.from({ length: 20 }, () => new Connection(simulator));
  await Promise.all(connections.map((connection, index) => connection.send(index % 2 ? '[[hang]]' : '[[text Hello]]')));
  while (simulator.requests.length < 20) await setTimeout(5);
  await simulator[Symbol.asyncDispose]();
  await Promise.all(connections.map(({ closed }) => closed));
});
