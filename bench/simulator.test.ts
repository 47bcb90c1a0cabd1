import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { now } from './clock.ts';
import { askModelApi } from './model-api.ts';
import { startSimulatorProcess } from './simulator.ts';
import { subjects } from './subjects/subjects.ts';

for (const { id, request, direct } of subjects.filter(({ request }) => request.method === 'POST')) {
  test(`the model API tells when it was asked, once: ${id}`, { timeout: 60_000 }, async () => {
    await using simulator = await startSimulatorProcess({ PATH: process.env.PATH ?? '' });
    const before = now();
    await askModelApi(simulator.url, direct('[[text Hello]]'));
    const [arrival, ...others] = await simulator.arrivals(request);
    // The two processes have read their clocks at different times: a little is allowed.
    assert.ok(arrival && arrival.receivedAt > before - 50 && arrival.receivedAt < now() + 50);
    assert.equal(arrival.method, 'POST');
    assert.deepEqual(others, []);
    assert.deepEqual(await simulator.arrivals(request), []);
  });
}

test('over a WebSocket a message that only prepares the next one is no request', { timeout: 60_000 }, async () => {
  const request = subjects.find(({ request }) => request.method === 'GET')?.request;
  assert.ok(request);
  await using simulator = await startSimulatorProcess({ PATH: process.env.PATH ?? '' });
  const socket = new WebSocket(`${simulator.url.replace('http', 'ws')}/v1/responses`, {
    headers: { authorization: 'Bearer sk-bench' },
  });
  await once(socket, 'open');
  const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }];
  for (const generate of [{ generate: false }, {}]) {
    socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5.5', input, stream: true, ...generate }));
    for await (const [message] of on(socket, 'message')) if (String(message).includes('response.completed')) break;
  }
  const arrivals = await simulator.arrivals(request);
  assert.deepEqual(
    arrivals.map(({ method }) => method),
    ['GET'],
  );
  socket.terminate();
});
