import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorKind, GatewayError } from '../../core/error.ts';
import { JsonRpcError, JsonRpcSilence } from '../../process/json-rpc.ts';
import { LoginNoise } from '../acp/agent-process.ts';
import { toGatewayError } from './failure.ts';

const badKey =
  '{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}';
const tooLong =
  '{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}';

const failures: [error: unknown, kind: ErrorKind, said: RegExp, retryAfterSeconds?: number][] = [
  [new JsonRpcError(400, '{"error":{"message":"Bad field.","code":400}}'), 'invalid-request', /: Bad field\./],
  [new JsonRpcError(400, badKey), 'provider-signed-out', /GEMINI_API_KEY/],
  [new JsonRpcError(400, tooLong), 'context-length-exceeded', /longer than/],
  [new JsonRpcError(401, 'no'), 'provider-signed-out', /GEMINI_API_KEY/],
  [new JsonRpcError(-32_000, 'Gemini API key is missing or not configured.'), 'provider-signed-out', /GEMINI_API_KEY/],
  [new JsonRpcError(403, 'no'), 'forbidden', /no/],
  [new JsonRpcError(500, 'models/x is not found for API version v1beta'), 'model-not-found', /model/],
  [new JsonRpcError(413, 'large'), 'payload-too-large', /larger/],
  [new JsonRpcError(429, 'Please retry in 39.2s.\nSuggested retry after 40s.'), 'rate-limited', /limiting/, 40],
  [new JsonRpcError(429, 'Rate limit exceeded. Try again later.'), 'rate-limited', /limiting/],
  [new JsonRpcError(429, 'You have exhausted your daily quota on this model.'), 'quota-exhausted', /daily quota/],
  [new JsonRpcError(503, 'The model is overloaded.'), 'overloaded', /overloaded/],
  [new JsonRpcError(500, 'terminated'), 'upstream-unavailable', /failed/],
  [new JsonRpcError(-32_603, 'Internal error'), 'provider-failed', /failed/],
  [new JsonRpcSilence('the program is gone'), 'provider-failed', /stopped/],
  [new LoginNoise('https://accounts.example/'), 'provider-signed-out', /sign in/],
  [new Error('/home/somebody is full'), 'provider-failed', /^Gemini CLI failed to answer\.$/],
];

describe('toGatewayError of Gemini CLI', () => {
  for (const [error, kind, said, wait] of failures) {
    it(`tells ${error} as ${kind}`, () => {
      const told = toGatewayError(error, 'the end of stderr');
      assert.equal(told.kind, kind);
      assert.match(told.message, said);
      assert.equal(told.retryAfterSeconds, wait);
      assert.match(String(told.cause), /the end of stderr/);
      assert.doesNotMatch(told.message, /\/home|stderr/);
    });
  }

  it('passes on what is told already', () => {
    const error = new GatewayError('overloaded', 'The server is closing.');
    assert.equal(toGatewayError(error), error);
  });
});
