import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ErrorKind } from '../../core/error.ts';
import { type FailureContext, toGatewayError } from './failure.ts';
import { parseLine, type RateLimitInfo, type ResultLine } from './wire.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const fail = (result: Partial<ResultLine>, context: Partial<FailureContext> = {}) =>
  toGatewayError({ type: 'result', is_error: true, ...result }, { now, ...context });

describe('toGatewayError', () => {
  it('tells failures apart by what the caller can do about them', () => {
    const failures: [ErrorKind, Partial<ResultLine>, Partial<FailureContext>?][] = [
      ['context-length-exceeded', { terminal_reason: 'prompt_too_long', api_error_status: 400 }],
      ['context-length-exceeded', { terminal_reason: 'blocking_limit' }],
      ['context-length-exceeded', { result: 'Prompt is too long' }],
      ['invalid-image', { terminal_reason: 'image_error', api_error_status: 400 }],
      ['payload-too-large', { terminal_reason: 'image_error', api_error_status: 413 }],
      ['quota-exhausted', { api_error_status: 400 }, { error: 'billing_error' }],
      ['quota-exhausted', { result: 'Credit balance is too low' }],
      ['provider-signed-out', { api_error_status: 401 }],
      ['provider-signed-out', { result: 'Not logged in' }, { error: 'authentication_failed' }],
      ['forbidden', { api_error_status: 403 }, { error: 'authentication_failed' }],
      ['model-not-found', { api_error_status: 404 }],
      ['model-not-found', {}, { error: 'model_not_found' }],
      ['payload-too-large', { api_error_status: 413 }],
      ['rate-limited', { api_error_status: 429 }],
      ['rate-limited', {}, { error: 'rate_limit' }],
      ['invalid-request', { api_error_status: 400 }],
      ['overloaded', { api_error_status: 529 }],
      ['overloaded', {}, { error: 'overloaded' }],
      ['timeout', { result: 'Request timed out' }],
      ['upstream-unavailable', { api_error_status: 500 }],
      ['upstream-unavailable', { api_error_status: null, api_error_type: 'connection_failed' }],
      ['upstream-unavailable', { result: 'API Error: Connection error.' }],
      ['provider-failed', { api_error_status: null, api_error_type: null, result: 'Something else' }],
      ['provider-failed', {}],
    ];
    for (const [kind, result, context] of failures) {
      assert.equal(fail(result, context).kind, kind, JSON.stringify([result, context]));
    }
  });

  it("gives the caller the API's own sentence, without the frame around it", () => {
    const body = '{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: too large"}}';
    for (const result of [
      `API Error: 400 ${body}`,
      'API Error: 400 max_tokens: too large',
      'max_tokens: too large\nmore',
    ]) {
      const { message } = fail({ api_error_status: 400, result });
      assert.equal(message, 'The model API refused the request: max_tokens: too large');
    }
    assert.ok(fail({ api_error_status: 400, result: 'x'.repeat(5_000) }).message.length < 600);
    assert.equal(
      fail({ api_error_status: 400, result: 'Error 7' }).message,
      'The model API refused the request: Error 7',
    );
  });

  it('tells which setting the API complains of', () => {
    const parameterOf = (result: string) =>
      fail({ api_error_status: 400, result: `API Error: 400 ${result}` }).parameter;
    assert.equal(parameterOf('stop_sequences: each stop sequence must contain non-whitespace'), 'stop');
    assert.equal(parameterOf('output_config.format.schema: Invalid schema'), 'outputFormat');
    assert.equal(parameterOf('`temperature` may only be set to 1'), 'temperature');
    assert.equal(parameterOf('max_tokens: 900000 > 64000'), 'maxOutputTokens');
    assert.equal(parameterOf('messages.0: stop_sequences'), undefined);
    assert.equal(parameterOf('max_tokens_total: no'), undefined);
  });

  it('says which limit of a subscription is used up and when to come back', () => {
    const file = join(import.meta.dirname, 'recordings', 'subscription-limit.2.1.330.jsonl');
    const lines = readFileSync(file, 'utf8').trim().split('\n').map(parseLine);
    const result = lines.find((line) => line?.type === 'result') as ResultLine;
    const limit = lines.find((line) => line?.type === 'rate_limit_event') as { rate_limit_info: RateLimitInfo };
    const resetsAt = limit.rate_limit_info.resetsAt ?? 0;
    const error = toGatewayError(result, { rateLimit: limit.rate_limit_info, now: resetsAt * 1_000 - 90_500 });
    assert.equal(error.kind, 'quota-exhausted');
    assert.match(error.message, /five-hour limit/);
    assert.equal(error.retryAfterSeconds, 91);
    const late = toGatewayError(result, { rateLimit: limit.rate_limit_info, now: resetsAt * 1_000 + 5_000 });
    assert.equal(late.retryAfterSeconds, 1);
    assert.equal(toGatewayError(result, { rateLimit: { status: 'rejected' }, now }).retryAfterSeconds, undefined);
  });

  it('takes a limit that is only near for no reason', () => {
    assert.equal(
      fail({ api_error_status: 500 }, { rateLimit: { status: 'allowed_warning' } }).kind,
      'upstream-unavailable',
    );
  });

  it('keeps what the CLI said for the log', () => {
    const { cause, message } = fail({ result: 'broken in /home/someone', terminal_reason: 'x' }, { error: 'unknown' });
    assert.match(String(cause), /someone.*/);
    assert.doesNotMatch(message, /someone/);
  });
});
