import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorKind } from '../../core/error.ts';
import { JsonRpcError, JsonRpcSilence } from '../../process/json-rpc.ts';
import { LoginNoise } from '../acp/agent-process.ts';
import { toGatewayError } from './failure.ts';

const kinds: [said: string, kind: ErrorKind][] = [
  ['Internal error: API Error: 400 messages: must not be empty', 'invalid-request'],
  ['Simulated invalid_api_key', 'provider-signed-out'],
  ['API Error: 403 Forbidden', 'forbidden'],
  ['It may not exist or you may not have access to it.', 'model-not-found'],
  ['Request too large (max 32MB)', 'payload-too-large'],
  ['ContextOverflowError', 'context-length-exceeded'],
  ['429 Too Many Requests', 'rate-limited'],
  ['You have hit your usage limit', 'quota-exhausted'],
  ['Repeated 529 Overloaded errors', 'overloaded'],
  ['Unable to connect. Is the computer able to access the url?', 'upstream-unavailable'],
  ['something odd', 'provider-failed'],
];

describe('toGatewayError', () => {
  const told = (error: unknown) => toGatewayError(error, undefined, 'The agent');

  it('reads what the model’s API said out of the agent’s words', () => {
    for (const [said, kind] of kinds) {
      assert.equal(told(new JsonRpcError(-32_603, said)).kind, kind, said);
      assert.equal(told(new JsonRpcError(-32_603, 'Internal error', { details: said })).kind, kind, said);
    }
  });

  it('knows an agent that wants to be signed in, one that is gone and one that is none', () => {
    assert.equal(told(new JsonRpcError(-32_000, 'Authentication required')).kind, 'provider-signed-out');
    assert.equal(told(new JsonRpcSilence('the program exited with code 1')).kind, 'provider-failed');
    assert.match(told(new LoginNoise('Welcome!')).message, /its command/);
  });

  it('passes on why a request was refused, but no path and no key', () => {
    const refused = (said: string) => told(new JsonRpcError(-32_603, said)).message;
    assert.equal(
      refused('Internal error: API Error: 400 stop: too many'),
      'The model API refused the request: stop: too many',
    );
    assert.equal(refused('400 in /home/me/x.json'), 'The model API refused the request.');
    assert.equal(refused('400 bad key sk-123'), 'The model API refused the request.');
  });
});
