import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../core/error.ts';
import { errorBody } from './error.ts';

describe('a failure', () => {
  it('has all four keys, and the time to wait when it is known', () => {
    assert.deepEqual(errorBody(new GatewayError('invalid-request', 'No.', { param: 'messages[0]' })), {
      error: { message: 'No.', type: 'invalid_request_error', param: 'messages[0]', code: null },
    });
    assert.deepEqual(errorBody(new GatewayError('rate-limited', 'Wait.', { retryAfterSeconds: 3 })), {
      error: {
        message: 'Wait.',
        type: 'rate_limit_exceeded',
        param: null,
        code: 'rate_limit_exceeded',
        retry_after: 3,
      },
    });
  });
});
