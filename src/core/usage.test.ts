import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addUsage } from './usage.ts';

describe('addUsage', () => {
  it('adds every figure and makes up none', () => {
    const first = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 4, reasoningTokens: 0 };
    const second = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 6 };
    assert.deepEqual(addUsage(first, second), {
      inputTokens: 11,
      outputTokens: 7,
      cacheReadTokens: 7,
      cacheWriteTokens: 6,
      reasoningTokens: 0,
    });
    assert.deepEqual(addUsage({ inputTokens: 1, outputTokens: 1 }, { inputTokens: 1, outputTokens: 1, costUsd: 0.5 }), {
      inputTokens: 2,
      outputTokens: 2,
      costUsd: 0.5,
    });
  });
});
