import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { neutralSystem } from './system-text.ts';
import type { GeminiWorker } from './worker.ts';
import { GeminiWorkers } from './workers.ts';

/** As much of a worker as its keeper looks at. */
function standIn() {
  const exit = Promise.withResolvers<string>();
  const worker = {
    system: undefined as string | undefined,
    pins: 0,
    turns: 0,
    isWorn: false,
    log: { clear: () => {} },
    process: {
      alive: true,
      exited: exit.promise,
      end: async () => {
        worker.process.alive = false;
        exit.resolve('was ended');
        await exit.promise;
      },
    },
  };
  return worker;
}

function keep() {
  const started: ReturnType<typeof standIn>[] = [];
  const workers = new GeminiWorkers(async () => {
    const worker = standIn();
    started.push(worker);
    return worker as unknown as GeminiWorker;
  });
  return { started, workers, [Symbol.asyncDispose]: () => workers[Symbol.asyncDispose]() };
}

const signal = AbortSignal.timeout(30_000);

describe('GeminiWorkers', { timeout: 30_000 }, () => {
  it('shares one worker among those with one system prompt', async () => {
    await using kept = keep();
    const leases = await Promise.all([1, 2, 3].map(() => kept.workers.acquire('Be brief.', signal)));
    assert.equal(kept.started.length, 1);
    assert.ok(leases.every(({ holdsSystem }) => holdsSystem));
    assert.equal(kept.started[0]?.pins, 3);
  });

  it('gives a worker another system prompt when its own is not in use', async () => {
    await using kept = keep();
    const first = await kept.workers.acquire('One', signal);
    first.unpin();
    const second = await kept.workers.acquire('Two', signal);
    assert.equal(second.worker, first.worker);
    assert.equal(first.worker.system, 'Two');
  });

  it('starts another worker for another system prompt while the first is in use', async () => {
    await using kept = keep();
    const first = await kept.workers.acquire('One', signal);
    const second = await kept.workers.acquire('Two', signal);
    assert.notEqual(second.worker, first.worker);
    assert.deepEqual(
      kept.started.map(({ system }) => system),
      ['One', 'Two'],
    );
  });

  it('waits for one that is given back', async () => {
    await using kept = keep();
    const leases = [];
    for (const system of ['One', 'Two', 'Three']) leases.push(await kept.workers.acquire(system, signal));
    const waiting = kept.workers.acquire('Four', signal);
    leases[1]?.release();
    assert.equal((await waiting).worker, leases[1]?.worker);
    assert.equal(kept.started.length, 3);
  });

  it('lends one without a system prompt when nobody gives one back', async () => {
    await using kept = keep();
    for (const system of ['One', 'Two', 'Three']) await kept.workers.acquire(system, signal);
    const lease = await kept.workers.acquire('Four', signal);
    assert.equal(lease.holdsSystem, false);
    assert.equal(lease.worker.system, neutralSystem);
    assert.equal(kept.started.length, 4);
  });

  it('replaces a worker that is worn, and ends it when its last turn is over', async () => {
    await using kept = keep();
    const [first, second] = [await kept.workers.acquire('One', signal), await kept.workers.acquire('One', signal)];
    const [worn] = kept.started;
    if (worn) worn.isWorn = true;
    first.release();
    const next = await kept.workers.acquire('Two', signal);
    assert.notEqual(next.worker, first.worker);
    assert.equal(kept.workers.isUsable(first.worker), false);
    assert.equal(worn?.process.alive, true);
    second.release();
    await worn?.process.exited;
    assert.equal(worn?.process.alive, false);
  });

  it('has another worker when one has died', async () => {
    await using kept = keep();
    const first = await kept.workers.ready(signal);
    await first.process.end();
    const second = await kept.workers.ready(signal);
    assert.notEqual(second, first);
    assert.equal(kept.workers.isUsable(first), false);
  });

  it('stops waiting when it is told to', async () => {
    await using kept = keep();
    for (const system of ['One', 'Two', 'Three']) await kept.workers.acquire(system, signal);
    const stop = new AbortController();
    const waiting = kept.workers.acquire('Four', stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
  });

  it('fails whoever waits when none can be started', async () => {
    const workers = new GeminiWorkers(() => Promise.reject(new Error('no')));
    await assert.rejects(workers.ready(signal), /no/);
    await assert.rejects(workers.acquire('One', signal), /no/);
  });

  it('ends them all, and starts none afterwards', async () => {
    const kept = keep();
    await kept.workers.acquire('One', signal);
    await kept.workers[Symbol.asyncDispose]();
    assert.equal(kept.started[0]?.process.alive, false);
    await assert.rejects(kept.workers.ready(signal), { kind: 'overloaded' });
  });
});
