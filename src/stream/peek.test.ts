import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { peek } from './peek.ts';

async function* script(...steps: (string | number | Error)[]): AsyncGenerator<string> {
  for (const step of steps) {
    if (step instanceof Error) throw step;
    if (typeof step === 'number') await sleep(step);
    else yield step;
  }
}

describe('peek', () => {
  it('returns with the first value and loses none', { timeout: 10_000 }, async () => {
    const held = await peek(script('a', 'b', 'c'), 3_600_000);
    assert.deepEqual(await Array.fromAsync(held), ['a', 'b', 'c']);
  });

  it('returns when the time is over and loses nothing that comes later', async () => {
    const held = await peek(script(60, 'a', 'b'), 5);
    assert.deepEqual(await Array.fromAsync(held), ['a', 'b']);
  });

  it('returns for a source that ends without a value', { timeout: 10_000 }, async () => {
    assert.deepEqual(await Array.fromAsync(await peek(script(), 3_600_000)), []);
  });

  it('throws a failure within the time itself, and a later one to the reader', async () => {
    await assert.rejects(peek(script(new Error('at once')), 3_600_000), /at once/);
    const late = await peek(script(40, new Error('late')), 5);
    // Nobody reads yet: the failure must wait instead of becoming an unhandled rejection.
    await sleep(80);
    await assert.rejects(Array.fromAsync(late), /late/);
    const second = await peek(script('a', new Error('second')), 1_000);
    await assert.rejects(Array.fromAsync(second), /second/);
  });

  it('closes the source when the reader leaves', async () => {
    let closed = false;
    async function* source() {
      try {
        yield 'a';
        yield 'b';
      } finally {
        closed = true;
      }
    }
    for await (const value of await peek(source(), 1_000)) {
      assert.equal(value, 'a');
      break;
    }
    await sleep(5);
    assert.ok(closed);
  });
});
