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
    /** The caller stands before the dash. Each call is a request of its own, unless one is given. */
    ask: (name: string, signal = never, request = { caller: name.split('-')[0] as string }) => {
      const entered = admission.enter(request, signal).then((left) => {
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
    const enter = () => admission.enter({ caller: 'a' }, never);
    for (let count = 0; count < 3; count += 1) (await enter())();
    const leave = await enter();
    await assert.rejects(enter(), { kind: 'overloaded' });
    leave();
    (await enter())();
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

  it('lets the further answers of a request that is inside wait, whatever their number', async () => {
    const { admitted, ask, leave } = crowd(new Admission({ maxConcurrent: 1, maxWaiting: 1 }));
    const [one, two] = [{ caller: 'a' }, { caller: 'b' }];
    for (let count = 1; count <= 4; count += 1) void ask(`a-${count}`, never, one);
    for (let count = 1; count <= 3; count += 1) void ask(`b-${count}`, never, two);
    await assert.rejects(ask('c-1'), { kind: 'overloaded' }, 'the second request waits already');
    await tick();
    for (const name of ['a-1', 'b-1', 'a-2', 'b-2', 'a-3', 'b-3', 'a-4']) {
      assert.equal(admitted.at(-1), name);
      leave(name);
      await tick();
    }
    await ask('c-2');
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
