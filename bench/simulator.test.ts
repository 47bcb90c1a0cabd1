import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now } from './clock.ts';
import { askModelApi } from './model-api.ts';
import { startSimulatorProcess } from './simulator.ts';

test('the model API tells when it was asked, once', { timeout: 60_000 }, async () => {
  await using simulator = await startSimulatorProcess({ PATH: process.env.PATH ?? '' });
  const before = now();
  await askModelApi(simulator.url, { model: 'claude-sonnet-5', prompt: '[[text Hello]]' });
  const [arrival, ...others] = await simulator.arrivals();
  // The two processes have read their clocks at different times: a little is allowed.
  assert.ok(arrival && arrival.receivedAt > before - 50 && arrival.receivedAt < now() + 50);
  assert.deepEqual(others, []);
  assert.deepEqual(await simulator.arrivals(), []);
});
