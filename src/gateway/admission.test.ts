import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { GatewayError } from '../core/error.ts';
import { Admission } from './admission.ts';

const never = new AbortController().signal;

/** Asks for a place and notes who got one, in order. */
function crowd(admission: Admission) {
  const admitted: string[] = [];
  const leave = new Map<string, () => void>();
  return {
    admitted,
    ask: (name: string, signal = never) => {
      const entered = admission.enter(name.split('-')[0] as string, signal).then((left) => {
        admitted.push(name);
        leave.set(name, left);
      });
      entered.catch(() => {});
      return entered;
    },
    leave: (name: string) => leave.get(name)?.(),
  };
}

describe('Admission', () => {
  it('lets so many in at once, and the next one for each that leaves', async () => {
    const { admitted, ask, leave } = crowd(new Admission({ maxConcurrent: 2, maxWaiting: 9 }));
    for (const name of ['a-1', 'a-2', 'a-3', 'a-4']) void ask(name);
    await tick();
    assert.deepEqual(admitted, ['a-1', 'a-2']);
    leave('a-2');
    leave('a-2');
    await tick();
    assert.deepEqual(admitted, ['a-1', 'a-2', 'a-3'], 'leaving twice makes room once');
    leave('a-1');
    await tick();
    assert.equal(admitted.length, 4);
  });

  it('has room again when everybody has left', async () => {
    const admission = new Admission({ maxConcurrent: 1, maxWaiting: 0 });
    for (let count = 0; count < 3; count += 1) (await admission.enter('a', never))();
    const leave = await admission.enter('a', never);
    await assert.rejects(admission.enter('a', never), { kind: 'overloaded' });
    leave();
    (await admission.enter('a', never))();
  });

  it('serves callers in turn, whoever came first and however many places come free at once', async () => {
    const { admitted, ask, leave } = crowd(new Admission({ maxConcurrent: 2, maxWaiting: 9 }));
    for (const name of ['x-1', 'y-1', 'a-1', 'a-2', 'a-3', 'b-1']) void ask(name);
    await tick();
    leave('x-1');
    leave('y-1');
    await tick();
    assert.deepEqual(admitted.slice(2), ['a-1', 'b-1']);
  });

  it('refuses whom it cannot let wait, and says when to come back', async () => {
    const { ask } = crowd(new Admission({ maxConcurrent: 1, maxWaiting: 1 }));
    void ask('a-1');
    void ask('a-2');
    const refusal = ask('a-3');
    await assert.rejects(refusal, (error) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.kind, 'overloaded');
      assert.ok((error.retryAfterSeconds ?? 0) > 0);
      return true;
    });
  });

  it('forgets who gives up waiting, and gives the place to the next', async () => {
    const { admitted, ask, leave } = crowd(new Admission({ maxConcurrent: 1, maxWaiting: 2 }));
    const impatient = new AbortController();
    void ask('a-1');
    const waiting = ask('b-1', impatient.signal);
    void ask('c-1');
    await tick();
    impatient.abort(new GatewayError('cancelled', 'Gone.'));
    await assert.rejects(waiting, { kind: 'cancelled' });
    void ask('d-1');
    leave('a-1');
    await tick();
    assert.deepEqual(admitted, ['a-1', 'c-1']);
    await assert.rejects(ask('e-1', impatient.signal), { kind: 'cancelled' });
  });

  it('takes the place back from whoever is aborted and never leaves', async () => {
    const { admitted, ask, leave } = crowd(new Admission({ maxConcurrent: 1, maxWaiting: 3 }));
    const first = new AbortController();
    const second = new AbortController();
    void ask('a-1', first.signal);
    void ask('b-1', second.signal);
    void ask('c-1');
    void ask('d-1');
    await tick();
    first.abort();
    // Admitted and aborted in the same moment.
    second.abort();
    await tick();
    assert.deepEqual(admitted.slice(0, 3), ['a-1', 'b-1', 'c-1']);
    leave('a-1');
    leave('b-1');
    await tick();
    assert.ok(!admitted.includes('d-1'), 'a place that was taken back is not given away twice');
    leave('c-1');
    await tick();
    assert.ok(admitted.includes('d-1'));
  });
});
