import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planScript } from './plan-script.ts';

test('an answer ends by itself, or for its tool calls', () => {
  assert.deepEqual(planScript([]).finish, { reason: 'end_turn' });
  assert.deepEqual(planScript([{ type: 'call', name: 'f', arguments: {} }]).finish, { reason: 'tool_use' });
});

test('the earliest stop sequence cuts a text and what would follow', () => {
  const plan = planScript(
    [
      { type: 'text', text: 'one two three' },
      { type: 'call', name: 'f', arguments: {} },
    ],
    ['three', 'tw'],
  );
  assert.deepEqual(plan.steps, [{ type: 'text', text: 'one ' }]);
  assert.deepEqual(plan.finish, { reason: 'stop_sequence', stopSequence: 'tw' });
});

test('a step keeps its own delay in a slow script', () => {
  const { steps } = planScript([
    { type: 'text', text: 'a', delay: 1 },
    { type: 'text', text: 'b' },
    { type: 'slow', delay: 9 },
  ]);
  assert.deepEqual(
    steps.map((step) => 'delay' in step && step.delay),
    [1, 9],
  );
});

test('an error status keeps only the waits before it', () => {
  const plan = planScript([
    { type: 'wait', milliseconds: 5 },
    { type: 'status', status: 500 },
    { type: 'wait', milliseconds: 6 },
  ]);
  assert.equal(plan.status?.status, 500);
  assert.deepEqual(plan.steps, [{ type: 'wait', milliseconds: 5 }]);
});

test('sizes below 1 are refused', () => {
  assert.throws(
    () => planScript([{ type: 'text', text: 'a', chunkSize: 0 }]),
    /text.chunkSize must be at least 1, not 0/,
  );
  assert.throws(() => planScript([{ type: 'fragment', bytes: -1 }]), RangeError);
});
