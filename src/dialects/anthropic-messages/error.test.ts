import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../core/error.ts';
import { invalid } from '../read.ts';
import { errorBody, errorFrame } from './error.ts';

describe('a failure', () => {
  it('tells its type and the id of its request', () => {
    const error = new GatewayError('overloaded', 'Too much at once.');
    const body = {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Too much at once.' },
      request_id: 'req_1',
    };
    assert.deepEqual(errorBody(error, { requestId: 'req_1' }), body);
    assert.deepEqual(errorFrame(error, { requestId: 'req_1' }), { event: 'error', data: body });
    assert.equal(errorBody(error).request_id, null);
  });

  it('puts the field in front, in the words that clients look for', () => {
    const message = (error: GatewayError) => errorBody(error).error.message;
    assert.equal(message(invalid('max_tokens', 'is required')), 'max_tokens: Field required');
    assert.equal(message(invalid('messages.0.role', 'must be x')), 'messages.0.role: must be x.');
    assert.equal(message(new GatewayError('invalid-image', 'No.', { param: 'a' })), 'No.');
    assert.match(message(new GatewayError('context-length-exceeded', 'It is.')), /^prompt is too long: It is\.$/);
  });
});
