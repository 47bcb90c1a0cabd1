import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { ScriptedProvider } from '../../test/support/scripted-provider.ts';
import { GatewayError } from '../core/error.ts';
import { SessionPool } from './pool.ts';

const never = new AbortController().signal;

/** A pool over a provider in memory, under a clock that stands still. */
function poolOf(test: TestContext, spares: number) {
  test.mock.timers.enable({ apis: ['setTimeout'] });
  const provider = new ScriptedProvider();
  const failures: unknown[] = [];
  const opened: number[] = [];
  const pool = new SessionPool({
    lane: { account: 'default', web: true },
    spares,
    open: (lane, signal) => {
      opened.push(opened.length);
      return provider.open(lane, signal);
    },
    onFailure: (error) => failures.push(error),
  });
  return {
    pool,
    provider,
    failures,
    opened,
    async pass(milliseconds: number) {
      test.mock.timers.tick(milliseconds);
      await tick();
    },
  };
}

/** Holds every opening back until it is let go, or fails it when its signal says so. */
function gate(provider: ScriptedProvider) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  provider.beforeOpen = (signal) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    return promise;
  };
  return { open: resolve, fail: reject };
}

describe('SessionPool', () => {
  it('keeps so many sessions open before they are asked for, and hands each out once', async (test) => {
    const { pool, provider } = poolOf(test, 2);
    pool.refill();
    pool.refill();
    await tick();
    assert.equal(pool.ready, 2);
    const [first, second, third] = [await pool.take(never), await pool.take(never), await pool.take(never)];
    assert.equal(new Set([first, second, third]).size, 3);
    assert.deepEqual(provider.sessions.slice(0, 2), [first, second]);
    assert.deepEqual(provider.sessions[0]?.lane, { account: 'default', web: true });
  });

  it('opens another session for a request when the one that was opening for nobody fails', async (test) => {
    const { pool, provider } = poolOf(test, 1);
    const { fail } = gate(provider);
    pool.refill();
    const taken = pool.take(never);
    provider.beforeOpen = async () => {};
    fail(new GatewayError('provider-failed', 'It died while it opened.'));
    assert.equal((await taken).usable, true);
  });

  it('refills when it is told to, else a while later', async (test) => {
    const { pool, opened, pass } = poolOf(test, 1);
    pool.refill();
    await tick();
    await pool.take(never);
    await tick();
    assert.equal(opened.length, 1, 'not at once: the request needs the processor');
    pool.refill();
    await tick();
    assert.equal(pool.ready, 1);
    await pool.take(never);
    await pass(60_000);
    assert.equal(pool.ready, 1);
  });

  it('gives a session that is just opening to who waits for one', async (test) => {
    const { pool, provider, opened } = poolOf(test, 1);
    const held = gate(provider);
    pool.refill();
    const taken = pool.take(never);
    held.open();
    assert.equal(await taken, provider.sessions[0]);
    assert.equal(opened.length, 1);
    assert.equal(pool.ready, 0);
  });

  it('opens one for each who asks where there are no spares', async (test) => {
    const { pool, provider } = poolOf(test, 0);
    pool.refill();
    await tick();
    assert.equal(provider.sessions.length, 0);
    assert.notEqual(await pool.take(never), await pool.take(never));
  });

  it('passes over a spare that is dead, however lately it died', async (test) => {
    const { pool, provider } = poolOf(test, 2);
    pool.refill();
    await tick();
    provider.sessions[0]?.die();
    const taken = await pool.take(never);
    assert.equal(taken, provider.sessions[1]);
    assert.ok(taken.usable);
  });

  it('replaces a spare that dies, ever more slowly, as long as none has been of use', async (test) => {
    const { pool, provider, failures, opened, pass } = poolOf(test, 1);
    pool.refill();
    await tick();
    const openedWithin = async (milliseconds: number) => {
      provider.sessions.at(-1)?.die();
      await tick();
      const before = opened.length;
      await pass(milliseconds);
      return opened.length - before;
    };
    assert.equal(await openedWithin(1_000), 1);
    assert.equal(await openedWithin(1_500), 0);
    await pass(500);
    assert.equal(opened.length, 3);
    assert.equal(await openedWithin(3_500), 0);
    await pass(500);
    assert.equal(opened.length, 4);
    assert.equal(failures.length, 3);
    await pool.take(never);
    await pass(2_000);
    assert.equal(await openedWithin(1_000), 1, 'one was of use: the count starts anew');
  });

  it('pauses after a failure to open, up to a minute, and then tries again', async (test) => {
    const { pool, provider, failures, opened, pass } = poolOf(test, 1);
    provider.beforeOpen = () => Promise.reject(new Error('cannot'));
    pool.refill();
    await tick();
    pool.refill();
    await tick();
    assert.equal(opened.length, 1, 'not while it pauses');
    for (let round = 0; round < 12; round += 1) await pass(60_000);
    assert.equal(opened.length, 13);
    assert.equal(failures.length, 13);
    provider.beforeOpen = async () => {};
    await pass(60_000);
    assert.equal(pool.ready, 1);
  });

  it('still opens one for a request while it pauses', async (test) => {
    const { pool, provider } = poolOf(test, 1);
    provider.beforeOpen = () => Promise.reject(new Error('cannot'));
    pool.refill();
    await tick();
    await assert.rejects(pool.take(never), /cannot/);
    provider.beforeOpen = async () => {};
    assert.ok((await pool.take(never)).usable);
  });

  it('renews a spare that has waited long', async (test) => {
    const { pool, provider, pass } = poolOf(test, 1);
    pool.refill();
    await tick();
    await pass(3_600_000);
    assert.ok(provider.sessions[0]?.disposed);
    assert.equal(pool.ready, 1);
    const taken = await pool.take(never);
    await pass(3_600_000);
    assert.ok(taken.usable, 'one that is in use is left alone');
  });

  it('lets a request go that gives up, closes what opens too late, and refills', async (test) => {
    const { pool, provider, pass } = poolOf(test, 1);
    const held = gate(provider);
    pool.refill();
    const impatient = new AbortController();
    const taken = pool.take(impatient.signal);
    impatient.abort(new GatewayError('cancelled', 'Gone.'));
    await assert.rejects(taken, { kind: 'cancelled' });
    provider.beforeOpen = async () => {};
    held.open();
    await tick();
    assert.ok(provider.sessions[0]?.disposed);
    await pass(60_000);
    assert.equal(pool.ready, 1);
    await assert.rejects(pool.take(impatient.signal), { kind: 'cancelled' });
    assert.equal(pool.ready, 1, 'nothing is spent on a request that is over');
  });

  it('closes its spares, and those still opening, with itself', async (test) => {
    const { pool, provider, failures, pass, opened } = poolOf(test, 1);
    pool.refill();
    await tick();
    await pool[Symbol.asyncDispose]();
    assert.ok(provider.sessions[0]?.disposed);
    assert.equal(pool.ready, 0);
    pool.refill();
    await pass(3_600_000);
    assert.equal(opened.length, 1);
    assert.deepEqual(failures, []);
  });

  it('aborts openings when it is disposed of', async (test) => {
    const { pool, provider, failures } = poolOf(test, 2);
    gate(provider);
    pool.refill();
    await pool[Symbol.asyncDispose]();
    assert.equal(provider.sessions.length, 0);
    assert.deepEqual(failures, []);
  });
});
