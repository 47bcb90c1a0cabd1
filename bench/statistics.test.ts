import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarize } from './statistics.ts';

test('median and 95th percentile are samples that were measured', () => {
  assert.deepEqual(summarize([5, 1, 3]), { median: 3, p95: 5, n: 3 });
  assert.deepEqual(summarize(Array.from({ length: 100 }, (_, index) => index + 1)), { median: 50, p95: 95, n: 100 });
});

test('no samples give no figure', () => {
  assert.deepEqual(summarize([]), { median: Number.NaN, p95: Number.NaN, n: 0 });
});
