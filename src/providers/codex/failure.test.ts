import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorKind } from '../../core/error.ts';
import { JsonRpcError, JsonRpcSilence } from '../../process/json-rpc.ts';
import { incompleteReason, refusesSummary, toGatewayError, toRequestError } from './failure.ts';
import type { TurnError } from './wire.ts';

const now = Date.UTC(2026, 0, 1);
const url = ', url: http://127.0.0.1:1/v1/responses';
const http = (status: number | null): TurnError['codexErrorInfo'] => ({
  httpConnectionFailed: { httpStatusCode: status },
});

/** What Codex 0.169.0 says, and the kind that the caller gets. */
const failures: [string, TurnError['codexErrorInfo'], ErrorKind][] = [
  ['Codex ran out of room in the model’s context window.', 'contextWindowExceeded', 'context-length-exceeded'],
  ['You’ve hit your usage limit. Try again at 8:14 PM.', 'usageLimitExceeded', 'quota-exhausted'],
  ['Quota exceeded. Check your plan and billing details.', 'usageLimitExceeded', 'quota-exhausted'],
  ['rate limit exceeded: Please try again in 11.054s.', 'rateLimitExceeded', 'rate-limited'],
  [
    'exceeded retry limit, last status: 429',
    { responseTooManyFailedAttempts: { httpStatusCode: 429 } },
    'rate-limited',
  ],
  [`unexpected status 401 Unauthorized: Incorrect API key${url}`, http(401), 'provider-signed-out'],
  ['Your access token could not be refreshed.', 'unauthorized', 'provider-signed-out'],
  [`unexpected status 403 Forbidden: not for you${url}`, http(403), 'forbidden'],
  ['This request was flagged.', 'cyberPolicy', 'forbidden'],
  ['no model', 'modelNotFound', 'model-not-found'],
  [`unexpected status 404 Not Found: no${url}`, http(404), 'model-not-found'],
  [`unexpected status 413 Payload Too Large: big${url}`, http(413), 'payload-too-large'],
  [`unexpected status 422 Unprocessable Entity: odd${url}`, http(422), 'invalid-request'],
  ['{"error":{"message":"Bad thing","type":"invalid_request_error"}}', 'other', 'invalid-request'],
  ['bad prompt', 'other', 'invalid-request'],
  ['Invalid image in your last message. Please remove it and try again.', 'badRequest', 'invalid-image'],
  ['Selected model is at capacity. Please try a different model.', 'serverOverloaded', 'overloaded'],
  [`unexpected status 529 <unknown status code>: overloaded${url}`, http(529), 'overloaded'],
  ['We’re currently experiencing high demand.', 'internalServerError', 'upstream-unavailable'],
  [`unexpected status 502 Bad Gateway: bad gateway${url}`, http(502), 'upstream-unavailable'],
  ['error sending request', http(null), 'upstream-unavailable'],
  ['stream disconnected before completion: error sending request', 'other', 'upstream-unavailable'],
  ['stream disconnected before completion: Transport error: network error', 'other', 'upstream-unavailable'],
  ['stream disconnected before completion: idle timeout waiting for SSE', 'other', 'timeout'],
  ['something went wrong', 'sandboxError', 'provider-failed'],
];

function fail(message: string, codexErrorInfo: TurnError['codexErrorInfo'], resetsAt?: Date) {
  return toGatewayError({ message, codexErrorInfo }, { resetsAt, now });
}

describe('toGatewayError', () => {
  for (const [message, info, kind] of failures) {
    it(`takes "${message.slice(0, 60)}" for ${kind}`, () => {
      const error = fail(message, info);
      assert.equal(error.kind, kind);
      assert.doesNotMatch(error.message, /127\.0\.0\.1|unexpected status|[{}]/);
      assert.match(String(error.cause), new RegExp(message.slice(0, 10).replace(/[^\w ]/g, '.')));
    });
  }

  it('keeps the model API’s own words', () => {
    assert.match(fail(`unexpected status 403 Forbidden: not for you${url}`, http(403)).message, /: not for you$/);
    assert.match(fail('{"error":{"message":"Bad thing"}}', 'other').message, /: Bad thing$/);
  });

  it('tells how long to wait where it is known', () => {
    assert.equal(fail('Please try again in 11.054s.', 'rateLimitExceeded').retryAfterSeconds, 12);
    assert.equal(fail('Please try again in 350ms.', 'rateLimitExceeded').retryAfterSeconds, 1);
    assert.equal(fail('Slow down.', 'rateLimitExceeded').retryAfterSeconds, undefined);
    assert.equal(fail('used up', 'usageLimitExceeded', new Date(now + 90_000)).retryAfterSeconds, 90);
    assert.equal(fail('used up', 'usageLimitExceeded').retryAfterSeconds, undefined);
  });
});

describe('incompleteReason', () => {
  it('knows an answer that was cut, and one that was filtered', () => {
    assert.equal(incompleteReason('Incomplete response returned, reason: max_output_tokens'), 'length');
    assert.equal(incompleteReason('Incomplete response returned, reason: content_filter'), 'content-filter');
    assert.equal(incompleteReason('Incomplete response returned, reason: other'), undefined);
  });
});

describe('refusesSummary', () => {
  it('knows an account that gets no summaries', () => {
    const says = (message: string) => refusesSummary({ message, codexErrorInfo: 'other' });
    assert.ok(says('Your organization must be verified to generate reasoning summaries.'));
    assert.ok(says("Unsupported parameter: 'reasoning.summary' is not supported with this model."));
    assert.ok(!says('The reasoning summary is long.'));
  });
});

describe('toRequestError', () => {
  it('tells what Codex refuses from what keeps it from answering', () => {
    assert.equal(toRequestError(new JsonRpcError(-32_600, 'tool schema is not supported')).kind, 'invalid-request');
    assert.equal(toRequestError(new JsonRpcError(-32_001, 'Server overloaded; retry later.')).kind, 'overloaded');
    assert.equal(toRequestError(new JsonRpcError(-32_603, 'oops')).kind, 'provider-failed');
    assert.equal(toRequestError(new JsonRpcSilence('no answer')).kind, 'provider-failed');
  });
});
