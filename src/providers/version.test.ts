import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOlder } from './version.ts';

describe('isOlder', () => {
  it('compares number by number', () => {
    assert.ok(isOlder('2.1.99', '2.1.248'));
    assert.ok(isOlder('1.99.0', '2.0.0'));
    assert.ok(!isOlder('2.1.248', '2.1.248'));
    assert.ok(!isOlder('2.2.0', '2.1.999'));
    assert.ok(!isOlder('10.0.0', '9.9.9'));
  });
});
