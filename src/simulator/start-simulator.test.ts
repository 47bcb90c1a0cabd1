import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { post, readEvents, stream, textOf } from './anthropic/test-client.ts';
import { startSimulator } from './start-simulator.ts';

const TIMEOUT = { timeout: 20_000 };

test('requests are recorded as they came', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  await (await post(simulator, 'Hello')).text();
  const request = simulator.lastRequest('Hell');
  assert.ok(request);
  assert.equal(request.api, 'anthropic');
  assert.equal(request.method, 'POST');
  assert.equal(request.path, '/v1/messages');
  assert.equal(request.headers['x-api-key'], 'dummy');
  assert.deepEqual(request.body, JSON.parse(request.rawBody));
  assert.ok(request.clientPort > 0);
  const closed = await request.closed;
  assert.equal(closed.completed, true);
  assert.ok(closed.at >= request.receivedAt);
  assert.equal(simulator.lastRequest('other'), undefined);
  simulator.clear();
  assert.deepEqual(simulator.requests, []);
});

test('only the latest requests are kept', TIMEOUT, async () => {
  await using simulator = await startSimulator({ record: 2 });
  for (const prompt of ['one', 'two', 'three']) await (await post(simulator, prompt)).text();
  assert.deepEqual(
    simulator.requests.map(({ prompt }) => prompt.text),
    ['two', 'three'],
  );
});

test('a test can wait for a request, and learns what came instead', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  const coming = simulator.waitForRequest(({ path }) => path === '/v1/messages', 5_000);
  await (await post(simulator, 'Hello')).text();
  assert.equal((await coming).prompt.text, 'Hello');
  assert.equal((await simulator.waitForRequest('Hello', 0)).prompt.text, 'Hello');
  await assert.rejects(simulator.waitForRequest('Goodbye', 20), /"Goodbye" within 20 ms.*POST \/v1\/messages "Hello"/s);
});

test('the newest matching script answers until it is disposed', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using _ = simulator.script('Hi', [{ type: 'text', text: 'first' }]);
  {
    using _ = simulator.script(
      ({ prompt }) => prompt.text === 'Hi',
      ({ prompt }) => [{ type: 'text', text: `${prompt.text} yourself`, chunkSize: 1 }],
    );
    assert.equal(textOf(await stream(simulator, 'Hi')), 'Hi yourself');
  }
  assert.equal(textOf(await stream(simulator, 'Hi')), 'first');
});

test('the same seed gives the same ids', TIMEOUT, async () => {
  const answers = [];
  for (let round = 0; round < 2; round++) {
    await using simulator = await startSimulator({ seed: 'same' });
    answers.push(await stream(simulator, '[[call f]] [[call g]]'));
  }
  assert.deepEqual(answers[0], answers[1]);
});

test('a reader that hangs up is noticed at once', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  for (const prompt of ['[[text Hello]] [[hang]]', '[[hang]]', '[[slow 60000]] Hello', '[[wait 60000]]']) {
    const caller = new AbortController();
    const messages = [{ role: 'user', content: prompt }];
    const answer = post(simulator, { stream: true, messages }, { signal: caller.signal });
    const request = await simulator.waitForRequest(prompt, 5_000);
    await setTimeout(20);
    const hungUpAt = performance.now();
    caller.abort();
    await answer.then((response) => response.text()).catch(() => undefined);
    const { at, completed } = await request.closed;
    assert.equal(completed, false);
    assert.ok(at - hungUpAt < 2_000);
  }
});

test('a cut connection still delivers what came before', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  const messages = [{ role: 'user', content: '[[text Hello there]] [[cut]]' }];
  const response = await post(simulator, { stream: true, messages });
  let received = '';
  await assert.rejects(async () => {
    for await (const chunk of response.body ?? []) received += Buffer.from(chunk).toString();
  });
  assert.equal(textOf(readEvents(received)), 'Hello there');
  assert.equal((await simulator.lastRequest()?.closed)?.completed, false);
});

test('a cut before any content leaves no answer', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  await assert.rejects(post(simulator, '[[cut]]'), TypeError);
});

test('fragments split characters and lines and lose nothing', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  const messages = [{ role: 'user', content: '[[fragment 3]] [[text Grüße 😀 漢字]]' }];
  const response = await post(simulator, { stream: true, messages });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) chunks.push(chunk);
  assert.ok(chunks.length > 100, `${chunks.length} chunks`);
  assert.ok(chunks.some((chunk) => Buffer.from(chunk).toString().includes('\ufffd')));
  assert.equal(textOf(readEvents(Buffer.concat(chunks).toString())), 'Grüße 😀 漢字');
});

test('raw bytes replace the answer', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using _ = simulator.script('garbage', [{ type: 'raw', bytes: 'event: what\nda' }]);
  const messages = [{ role: 'user', content: 'garbage' }];
  assert.equal(await (await post(simulator, { stream: true, messages })).text(), 'event: what\nda');
});

test('a slow answer takes its time, and a wait comes before its first byte', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  const before = performance.now();
  const messages = [{ role: 'user', content: '[[wait 100]] [[slow 40]] [[text one two three]]' }];
  const response = await post(simulator, { stream: true, messages });
  assert.ok(performance.now() - before > 90);
  assert.equal(textOf(readEvents(await response.text())), 'one two three');
  assert.ok(performance.now() - before > 170);
});

test('500 answers are open at once, and disposing ends them all', { timeout: 60_000 }, async () => {
  const simulator = await startSimulator();
  const messages = [{ role: 'user', content: '[[text Hello]] [[hang]]' }];
  const answers = await Promise.all(Array.from({ length: 500 }, () => post(simulator, { stream: true, messages })));
  assert.ok(answers.every(({ status }) => status === 200));
  const ends = answers.map((response) => response.text().catch(() => 'cut'));
  await simulator[Symbol.asyncDispose]();
  assert.ok((await Promise.all(ends)).every((end) => end === 'cut'));
});

test('disposing twice is as good as once', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  using _ = simulator.script('Hi', [{ type: 'text', text: 'kept' }]);
  const other = simulator.script('Hi', [{ type: 'text', text: 'undone' }]);
  other[Symbol.dispose]();
  other[Symbol.dispose]();
  assert.equal(textOf(await stream(simulator, 'Hi')), 'kept');
  await simulator[Symbol.asyncDispose]();
});

test('headers that HTTP does not allow are an error that says so', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  const response = await post(simulator, '[[status 429 {"not a name":"7"}]]');
  assert.equal(response.status, 500);
  assert.match(await response.text(), /not a name/);
});

test('a request that breaks off half-way harms nobody', TIMEOUT, async () => {
  await using simulator = await startSimulator();
  const { hostname, port } = new URL(simulator.url);
  const socket = connect(Number(port), hostname);
  socket.write('POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"model":');
  await setTimeout(20);
  socket.destroy();
  assert.equal(textOf(await stream(simulator, '[[text fine]]')), 'fine');
  assert.equal(simulator.requests.length, 1);
});
