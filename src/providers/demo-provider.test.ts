import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScriptedProvider } from '../../test/support/scripted-provider.ts';
import { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';
import { asDemo } from './demo-provider.ts';

const request = { model: 'model-1', messages: [], tools: [] };

async function answer(steps: (string | StreamEvent | Error)[]): Promise<StreamEvent[]> {
  const own = new ScriptedProvider();
  own.script = () => steps;
  await using demo = asDemo(own);
  const signal = AbortSignal.timeout(10_000);
  const session = await demo.open({ account: 'default', web: false }, signal);
  return await Array.fromAsync(session.turn(request, { known: 0 }, signal));
}

describe('a demo', () => {
  it('costs nothing, whatever its CLI reckons', async () => {
    const usage = { inputTokens: 3, outputTokens: 4, costUsd: 0.12 };
    assert.deepEqual(await answer(['Hello', { type: 'finish', reason: 'stop', usage }]), [
      { type: 'text-delta', text: 'Hello' },
      { type: 'finish', reason: 'stop', usage: { inputTokens: 3, outputTokens: 4 } },
    ]);
  });

  it('blames the script for a refused key, and sends nobody to a login', async () => {
    const refused = new GatewayError('provider-signed-out', 'Run `login`.', { cause: 'status 401' });
    await assert.rejects(answer(['Hel', refused]), (error: GatewayError) => {
      assert.deepEqual([error.kind, error.cause], ['provider-signed-out', 'status 401']);
      assert.match(error.message, /scripted model API refused the key of the demo/);
      assert.doesNotMatch(error.message, /Run/);
      return true;
    });
  });

  it('fails otherwise as its CLI does', async () => {
    const failure = new GatewayError('overloaded', 'The model API is overloaded.');
    await assert.rejects(answer([failure]), failure);
  });

  it('says what to do about a CLI that does not work, without its login or its settings', async () => {
    const own = new ScriptedProvider();
    own.status = { state: 'signed-out', advice: 'Run `login`.' };
    own.models = [];
    const { state, advice } = await asDemo(own).inspect(AbortSignal.timeout(1_000));
    assert.equal(state, 'signed-out');
    assert.match(advice ?? '', /install the demo again/);
  });

  it('passes on whether its session can go on, and its end', async () => {
    const own = new ScriptedProvider();
    const session = await asDemo(own).open({ account: 'default', web: false }, AbortSignal.timeout(1_000));
    assert.ok(session.usable);
    own.sessions[0]?.die();
    assert.ok(!session.usable);
    assert.equal(await session.exited, 'scripted death');
  });
});
