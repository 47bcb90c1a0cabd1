import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayPass, toGatewayError } from './failure.ts';

const kinds: Record<string, string> = {
  '400 bad request': 'invalid-request',
  "400 This model's maximum context length is 8192 tokens.": 'context-length-exceeded',
  '400 <400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]':
    'context-length-exceeded',
  '400 Invalid image: it cannot be read': 'invalid-image',
  '401 Incorrect API key provided': 'provider-signed-out',
  'Authentication required: Use Qwen Code CLI to authenticate first.': 'provider-signed-out',
  '402 Insufficient balance': 'quota-exhausted',
  '403 not here': 'forbidden',
  '404 no such model': 'model-not-found',
  '408 Request Timeout': 'timeout',
  '413 too large': 'payload-too-large',
  'Model request exceeds the endpoint request-body limit (HTTP 413) and there is no earlier': 'payload-too-large',
  '429 slow down': 'rate-limited',
  'Rate limit exceeded. Try again later.': 'rate-limited',
  '429 You exceeded your current quota': 'quota-exhausted',
  '500 broken': 'upstream-unavailable',
  '503 busy': 'overloaded',
  '529 busy': 'overloaded',
  terminated: 'upstream-unavailable',
  'Connection error.': 'upstream-unavailable',
  'Request timed out.': 'timeout',
};

describe('toGatewayError', () => {
  for (const [message, kind] of Object.entries(kinds)) {
    it(`tells "${message}" as ${kind}`, () => assert.equal(toGatewayError(message).kind, kind));
  }

  it('keeps the words of the API where they say what is wrong', () => {
    assert.equal(
      toGatewayError('400 no such thing\nat line 5').message,
      'The model API refused the request: no such thing',
    );
    assert.doesNotMatch(toGatewayError('401 key sk-123 is wrong').message, /sk-123/);
  });

  it('tells the wait that a rate limit names', () => {
    assert.equal(toGatewayError('429 Please try again in 11.2s.').retryAfterSeconds, 12);
    assert.equal(toGatewayError('429 Retry after 3 seconds').retryAfterSeconds, 3);
    assert.equal(toGatewayError('429 no').retryAfterSeconds, undefined);
  });
});

describe('mayPass', () => {
  it('is true of a broken connection and of an API that fails, and of nothing that is refused', () => {
    assert.deepEqual(['terminated', '500 x', '529 x', '408 x'].map(mayPass), [true, true, true, true]);
    assert.deepEqual(['400 x', '401 x', '404 x', '429 x'].map(mayPass), [false, false, false, false]);
  });
});
