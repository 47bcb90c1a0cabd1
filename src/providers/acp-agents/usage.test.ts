import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionUsage } from './usage.ts';

const read = (usage: Record<string, unknown>) => new SessionUsage().take({ stopReason: 'end_turn', usage });

describe('SessionUsage', () => {
  it('is zero where the agent tells nothing', () => {
    assert.deepEqual(new SessionUsage().take(), { inputTokens: 0, outputTokens: 0 });
    assert.deepEqual(new SessionUsage().take({ stopReason: 'end_turn' }), { inputTokens: 0, outputTokens: 0 });
  });

  it('counts what was cached and thought once, whichever way the agent counts', () => {
    const expected = {
      inputTokens: 100,
      outputTokens: 30,
      cacheReadTokens: 60,
      cacheWriteTokens: 10,
      reasoningTokens: 20,
    };
    const cache = { cachedReadTokens: 60, cachedWriteTokens: 10, thoughtTokens: 20 };
    assert.deepEqual(read({ inputTokens: 30, outputTokens: 10, ...cache, totalTokens: 130 }), expected);
    assert.deepEqual(read({ inputTokens: 100, outputTokens: 30, ...cache, totalTokens: 130 }), expected);
  });

  it('is found where older agents put it', () => {
    const _meta = { quota: { token_count: { input_tokens: 5, output_tokens: 2 } } };
    assert.deepEqual(new SessionUsage().take({ stopReason: 'end_turn', _meta }), { inputTokens: 5, outputTokens: 2 });
  });

  it('tells each turn’s own dollars out of the session’s sum', () => {
    const usage = new SessionUsage();
    const told = (amount: number, currency = 'USD') =>
      usage.observe({ sessionUpdate: 'usage_update', cost: { amount, currency } });
    told(0.5);
    assert.equal(usage.take().costUsd, 0.5);
    told(0.75);
    told(9, 'EUR');
    assert.equal(usage.take().costUsd, 0.25);
  });
});
