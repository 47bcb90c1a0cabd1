import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { finish, framesOf, scripted, startServer, type TestServer } from '../../test/support/http-server.ts';
import { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';

const streamed = { model: 'm', stream: true };
const failure = new GatewayError('overloaded', 'Too busy.');

/** Posts with node:http, so that the test decides when to read and when to hang up. */
function open(server: TestServer, body: unknown): ClientRequest {
  const headers = { 'content-type': 'application/json' };
  const request = httpRequest(`${server.url}/v1/plain`, { method: 'POST', agent: false, headers });
  request.on('error', () => {});
  request.end(JSON.stringify(body));
  return request;
}

async function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return response;
}

/** Milliseconds until the signal is aborted. */
async function abortedWithin(signal: AbortSignal | undefined, limit: number): Promise<number> {
  assert.ok(signal);
  const startedAt = performance.now();
  while (!signal.aborted && performance.now() - startedAt < limit) await sleep(1);
  assert.ok(signal.aborted, `not aborted within ${limit} ms`);
  return performance.now() - startedAt;
}

test('a stream has its headers, its frames in order and its end', async () => {
  await using server = await startServer((signal) => [
    scripted(signal, { type: 'start', model: 'named' }, 'a', 'b', finish),
  ]);
  const response = await server.post({ ...streamed, ignore: ['seed', 'bad\nname', 'a,b'] });
  assert.equal(response.status, 200);
  const expected: Record<string, string | RegExp> = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
    'openai-version': '2020-10-01',
    'openai-processing-ms': /^\d+$/,
    'x-request-id': /^req_/,
    'x-route': 'fake/default/real-model',
    'x-ignored-params': 'seed, bad?name, a?b, temperature',
  };
  for (const [name, value] of Object.entries(expected)) {
    const sent = response.headers.get(name) ?? '';
    if (typeof value === 'string') assert.equal(sent, value);
    else assert.match(sent, value);
  }
  const frames = framesOf(await response.text());
  assert.deepEqual(frames, [{ head: 'real-model' }, { index: 0, text: 'a' }, { index: 0, text: 'b' }, '[DONE]']);
  assert.ok(server.contexts[0]?.signal.aborted, 'nothing may be left running');
  const [line] = await server.requestLines(1);
  assert.match(line?.msg ?? '', /Model: named, Stream: true$/);
  assert.equal(line?.outcome, 'ok');
});

test('a whole answer has its headers and all its choices', async () => {
  await using server = await startServer((signal) => [
    scripted(signal, 20, 'a', finish),
    scripted(signal, 'b', finish),
  ]);
  const response = await server.post({ model: 'm', n: 2 });
  assert.equal(response.headers.get('x-route'), 'fake/default/real-model');
  assert.equal(response.headers.get('x-ignored-params'), 'temperature');
  assert.match(response.headers.get('openai-processing-ms') ?? '', /^\d+$/);
  assert.deepEqual(await response.json(), { texts: [[{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }]] });
  const [line] = await server.requestLines(1);
  assert.deepEqual(line?.usage, { inputTokens: 20, outputTokens: 4 });
  assert.ok(server.contexts[0]?.signal.aborted);
});

test('choices of a whole answer are made at the same time', async () => {
  await using server = await startServer((signal) =>
    Array.from({ length: 10 }, () => scripted(signal, 100, 'a', finish)),
  );
  const startedAt = performance.now();
  await (await server.post({ model: 'm', n: 10 })).text();
  assert.ok(performance.now() - startedAt < 700);
});

test('choices of a stream come as they are made', async () => {
  await using server = await startServer((signal) => [
    scripted(signal, 60, 'slow', finish),
    scripted(signal, 'fast', finish),
  ]);
  const frames = framesOf(await (await server.post({ ...streamed, n: 2 })).text());
  assert.deepEqual(frames, [{ head: 'real-model' }, { index: 1, text: 'fast' }, { index: 0, text: 'slow' }, '[DONE]']);
});

test('a failure before the first event is a status, even while other choices are quiet', async () => {
  await using server = await startServer((signal) => [scripted(signal, 10_000), scripted(signal, 50, failure)]);
  const response = await server.post({ ...streamed, n: 2 });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('x-route'), 'fake/default/real-model');
  assert.match(await response.text(), /Too busy/);
  assert.ok(server.contexts[0]?.signal.aborted, 'the other choice is stopped');
});

test('the first event of any choice lets the head go', async () => {
  await using server = await startServer((signal) => [
    scripted(signal, 300, failure),
    scripted(signal, 'first', finish),
  ]);
  const startedAt = performance.now();
  const response = await server.post({ ...streamed, n: 2 });
  assert.equal(response.status, 200);
  assert.ok(performance.now() - startedAt < 250);
  const frames = framesOf(await response.text());
  assert.deepEqual(frames.slice(0, 2), [{ head: 'real-model' }, { index: 1, text: 'first' }]);
  assert.match(JSON.stringify(frames.at(-1)), /Too busy/);
});

test('the head is not held longer than the limit, and a later failure comes in the stream', async () => {
  await using server = await startServer((signal) => [scripted(signal, 400, failure)], { firstEventHoldMs: 80 });
  const startedAt = performance.now();
  const response = await server.post(streamed);
  const held = performance.now() - startedAt;
  assert.ok(held >= 75 && held < 350, `held for ${held} ms`);
  assert.equal(response.status, 200);
  const text = await response.text();
  assert.deepEqual(framesOf(text), [
    { head: 'real-model' },
    { error: { message: 'Too busy.', type: 'overloaded', param: null, code: 'overloaded' } },
  ]);
  assert.doesNotMatch(text, /DONE/);
  const [line] = await server.requestLines(1);
  assert.equal(line?.status, 200);
  assert.equal(line?.outcome, 'overloaded');
  assert.equal(line?.level, 40);
});

test('quiet spells are filled with comments, the wait for the first event included', async () => {
  const script = (signal: AbortSignal) => [scripted(signal, 150, 'a', 150, 'b', finish)];
  await using server = await startServer(script, { firstEventHoldMs: 10, sseKeepAliveMs: 40 });
  const text = await (await server.post(streamed)).text();
  const [beforeFirst = '', beforeSecond = ''] = text.split(/"text":"[ab]"/);
  for (const part of [beforeFirst, beforeSecond]) {
    const comments = part.match(/^: keepalive$/gm)?.length ?? 0;
    assert.ok(comments >= 2 && comments <= 4, text);
  }
  assert.equal(framesOf(text).length, 4);
});

test('a busy stream has no comments', async () => {
  const steps = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 10 : 'x'));
  await using server = await startServer((signal) => [scripted(signal, ...steps, finish)], { sseKeepAliveMs: 200 });
  assert.doesNotMatch(await (await server.post(streamed)).text(), /keepalive/);
});

test('events that come together leave together, and none waits for the next', async () => {
  const burst = Array.from({ length: 200 }, () => 'word');
  await using server = await startServer((signal) => [scripted(signal, ...burst, 2000, 'late', finish)]);
  const socket = connect(server.port, '127.0.0.1');
  const body = JSON.stringify(streamed);
  const head = `POST /v1/plain HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.write(`${head}\r\n\r\n${body}`);
  const startedAt = performance.now();
  let pieces = 0;
  let received = '';
  for await (const chunk of socket) {
    pieces += 1;
    received += chunk;
    if (received.split('word').length > 200) break;
  }
  assert.ok(performance.now() - startedAt < 1000);
  assert.ok(pieces <= 20, `${pieces} pieces`);
});

test('a reader that stops reading stops the source, and memory stays bounded', async () => {
  let pulled = 0;
  const text = 'x'.repeat(10_000);
  async function* endless(): AsyncGenerator<StreamEvent> {
    for (;;) {
      pulled += 1;
      yield { type: 'text-delta', text };
    }
  }
  await using server = await startServer(() => [endless()]);
  const request = open(server, streamed);
  const response = await responseOf(request);
  response.pause();
  let before = -1;
  while (before !== pulled) {
    before = pulled;
    await sleep(100);
  }
  // What the kernel and both sockets hold is some megabytes on loopback.
  assert.ok(pulled > 0 && pulled < 2000, `${pulled} events pulled`);
  response.resume();
  await sleep(50);
  assert.ok(pulled > before, 'goes on when the reader does');
  request.destroy();
  await abortedWithin(server.contexts[0]?.signal, 50);
  await sleep(20);
  const afterEnd = pulled;
  await sleep(50);
  assert.equal(pulled, afterEnd, 'stops when the reader is gone');
});

test('a stalled reader does not outlive the time limit', async () => {
  async function* endless(): AsyncGenerator<StreamEvent> {
    for (;;) yield { type: 'text-delta', text: 'x'.repeat(10_000) };
  }
  await using server = await startServer(() => [endless()], { maxTimeoutMs: 300 });
  const response = await responseOf(open(server, streamed));
  response.pause();
  const [line] = await server.requestLines(1);
  assert.equal(line?.outcome, 'timeout');
});

for (const stream of [true, false]) {
  const kind = stream ? 'streamed' : 'whole';

  test(`hanging up in the middle of a ${kind} answer aborts the work at once`, async () => {
    const aborted = Promise.withResolvers<unknown>();
    const script = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      return [scripted(signal, 'a', 10_000, finish)];
    };
    await using server = await startServer(script);
    const request = open(server, { model: 'm', stream });
    if (stream) await once(await responseOf(request), 'data');
    else while (server.contexts.length === 0) await sleep(5);
    await sleep(20);
    const signal = server.contexts[0]?.signal;
    assert.equal(signal?.aborted, false);
    request.destroy();
    await abortedWithin(signal, 50);
    const reason = await aborted.promise;
    assert.ok(reason instanceof GatewayError && reason.kind === 'cancelled');
    const [line] = await server.requestLines(1);
    assert.equal(line?.outcome, 'cancelled');
    assert.equal(line?.status, stream ? 200 : 499);
    assert.equal(line?.level, 30);
    assert.match(line?.msg ?? '', /^Request cancelled/);
  });

  test(`the time limit ends a ${kind} answer although its source takes no notice`, async () => {
    // A source that never answers and never obeys.
    const deaf = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    await using server = await startServer(() => [deaf], { maxTimeoutMs: 150, firstEventHoldMs: 20 });
    const response = await server.post({ model: 'm', stream });
    assert.equal(response.status, stream ? 200 : 504);
    assert.match(await response.text(), /longer than 0\.15 seconds/);
    const [line] = await server.requestLines(1);
    assert.equal(line?.outcome, 'timeout');
  });
}

test('hanging up while the head is held aborts the work', async () => {
  await using server = await startServer((signal) => [scripted(signal, 10_000)]);
  const request = open(server, streamed);
  while (server.contexts.length === 0) await sleep(5);
  request.destroy();
  await abortedWithin(server.contexts[0]?.signal, 50);
});

test('an answer that is cut short is an error, not an end', async () => {
  await using server = await startServer((signal) => [scripted(signal, 'a')]);
  const response = await server.post({ model: 'm' });
  assert.equal(response.status, 502);
  assert.match(await response.text(), /before it was complete/);
});

test('an unknown model is refused before anything is streamed', async () => {
  await using server = await startServer();
  const response = await server.post({ model: 'nothing', stream: true });
  assert.equal(response.status, 404);
  assert.match(await response.text(), /model-not-found/);
});

test('one connection serves streamed, failed and whole answers in turn', async () => {
  await using server = await startServer((signal, { request }) => [
    scripted(signal, ...(request.model === 'bad' ? [failure] : ['a', finish])),
  ]);
  for (let round = 0; round < 30; round += 1) {
    const model = round % 3 === 1 ? 'bad' : 'm';
    const response = await server.post({ model, stream: round % 2 === 0 });
    assert.equal(response.status, model === 'bad' ? 503 : 200);
    await response.text();
  }
  assert.equal((await server.requestLines(30)).length, 30);
  assert.ok(server.contexts.every(({ signal }) => signal.aborted));
});
