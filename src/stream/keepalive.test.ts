import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { quiet, withQuiet } from './keepalive.ts';

async function* script(...steps: (string | number | Error)[]): AsyncGenerator<string> {
  for (const step of steps) {
    if (step instanceof Error) throw step;
    if (typeof step === 'number') await sleep(step);
    else yield step;
  }
}

describe('withQuiet', () => {
  it('marks silence, again and again, and loses no value', async () => {
    const seen = await Array.fromAsync(withQuiet(script('a', 150, 'b', 'c'), 20));
    assert.deepEqual(
      seen.filter((value) => value !== quiet),
      ['a', 'b', 'c'],
    );
    const silences = seen.indexOf('b') - seen.indexOf('a') - 1;
    assert.ok(silences >= 2, `${silences} marks in a silence of several intervals`);
  });

  it('marks nothing while values come', async () => {
    assert.deepEqual(await Array.fromAsync(withQuiet(script('a', 'b'), 3_600_000)), ['a', 'b']);
  });

  it('throws the failure of its source', async () => {
    await assert.rejects(Array.fromAsync(withQuiet(script('a', 5, new Error('broken')), 1_000)), /broken/);
  });

  it('closes the source when the reader leaves in a silence, and swallows its late failure', async () => {
    let closed = false;
    async function* source() {
      try {
        await sleep(40);
        yield 'a';
        throw new Error('nobody is there to hear this');
      } finally {
        closed = true;
      }
    }
    for await (const value of withQuiet(source(), 5)) {
      assert.equal(value, quiet);
      break;
    }
    await sleep(150);
    assert.ok(closed);
  });
});
