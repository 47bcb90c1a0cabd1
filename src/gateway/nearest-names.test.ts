import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearestNames } from './nearest-names.ts';

const names = ['claude-sonnet-5', 'claude-opus-5-5', 'claude-haiku-5-5', 'gpt-5', 'sonnet', 'opus'];

describe('nearestNames', () => {
  it('offers what was most likely meant, best first', () => {
    assert.equal(nearestNames('claude-sonet-5', names)[0], 'claude-sonnet-5');
    assert.equal(nearestNames('CLAUDE-OPUS-5.5', names)[0], 'claude-opus-5-5');
    assert.equal(nearestNames('opis', names)[0], 'opus');
    assert.equal(nearestNames('gpt-5', names)[0], 'gpt-5');
  });

  it('offers three at the most, and nothing far off', () => {
    assert.equal(nearestNames('claude-sonnet-5-5', names).length, 3);
    assert.deepEqual(nearestNames('zzzz', names), []);
    assert.deepEqual(nearestNames('', names), []);
    assert.deepEqual(nearestNames('anything', []), []);
  });

  it('is not held up by an endless name', () => {
    const before = performance.now();
    assert.deepEqual(nearestNames('x'.repeat(50_000_000), names), []);
    assert.ok(performance.now() - before < 3_000);
  });
});
