import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from './error.ts';

describe('GatewayError', () => {
  it('carries what a caller can use', () => {
    const error = new GatewayError('rate-limited', 'Wait.', { param: 'model', retryAfterSeconds: 7, cause: 'log' });
    assert.ok(error instanceof Error);
    assert.deepEqual(
      [error.kind, error.message, error.param, error.retryAfterSeconds, error.cause],
      ['rate-limited', 'Wait.', 'model', 7, 'log'],
    );
    assert.ok(!('cause' in new GatewayError('internal', 'x')));
  });

  it('hides what any other thrown value says, and keeps it for the log', () => {
    const thrown = new TypeError('secret path /home/someone');
    const error = GatewayError.from(thrown);
    assert.equal(error.kind, 'internal');
    assert.doesNotMatch(error.message, /secret|someone/);
    assert.equal(error.cause, thrown);
    assert.equal(GatewayError.from('a string').kind, 'internal');
    assert.equal(GatewayError.from(error), error);
  });
});
