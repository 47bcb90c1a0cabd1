import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { merge } from './merge.ts';

async function* numbers(...values: (number | Error)[]): AsyncGenerator<number> {
  for (const value of values) {
    if (value instanceof Error) throw value;
    yield value;
  }
}

describe('merge', () => {
  it('passes every value on with its source, each source in its order', async () => {
    const merged = await Array.fromAsync(merge([numbers(1, 2, 3), numbers(), numbers(10, 20)]));
    assert.deepEqual(
      merged.filter(([index]) => index === 0).map(([, value]) => value),
      [1, 2, 3],
    );
    assert.deepEqual(
      merged.filter(([index]) => index === 2).map(([, value]) => value),
      [10, 20],
    );
    assert.equal(merged.length, 5);
    assert.deepEqual(await Array.fromAsync(merge([])), []);
  });

  it('does not let a source that is always ready keep the others waiting, however slow the reader', async () => {
    const seen: number[] = [];
    for await (const [index] of merge([numbers(1, 2, 3, 4), numbers(1, 2, 3, 4)])) {
      seen.push(index);
      await sleep(1);
    }
    assert.equal(new Set(seen.slice(0, 2)).size, 2, `order of sources: ${seen}`);
    assert.equal(new Set(seen.slice(2, 4)).size, 2, `order of sources: ${seen}`);
  });

  it('waits for nobody but the next value of any source', { timeout: 10_000 }, async () => {
    async function* never(): AsyncGenerator<number> {
      await new Promise(() => {});
    }
    const merged = merge([never(), numbers(1, 2)]);
    assert.deepEqual((await merged.next()).value, [1, 1]);
    assert.deepEqual((await merged.next()).value, [1, 2]);
  });

  it('keeps nothing of what has passed while another source is silent', { timeout: 60_000 }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    async function* silent(): AsyncGenerator<number> {
      await new Promise(() => {});
    }
    async function* many(): AsyncGenerator<number> {
      for (let count = 0; ; count += 1) yield count;
    }
    const merged = merge([silent(), many()]);
    for (let count = 0; count < 1_000; count += 1) await merged.next();
    const before = used();
    for (let count = 0; count < 300_000; count += 1) await merged.next();
    // A reaction for each would be some forty million bytes.
    assert.ok(used() - before < 4_000_000, `${used() - before} bytes`);
  });

  it('asks a source for no more than its reader wants', async () => {
    let made = 0;
    async function* counting(): AsyncGenerator<number> {
      for (;;) {
        made += 1;
        yield made;
      }
    }
    const merged = merge([counting()]);
    await merged.next();
    await sleep(5);
    assert.equal(made, 1);
    await merged.return(undefined);
  });

  it('throws the first failure and closes the other sources', async () => {
    let closed = false;
    async function* open(): AsyncGenerator<number> {
      try {
        for (;;) {
          await sleep(1);
          yield 0;
        }
      } finally {
        closed = true;
      }
    }
    await assert.rejects(Array.fromAsync(merge([open(), numbers(1, new Error('broken'))])), /broken/);
    await sleep(20);
    assert.ok(closed);
  });

  it('closes its sources when its reader leaves, and swallows failures that come too late', async () => {
    const closed: number[] = [];
    async function* open(id: number): AsyncGenerator<number> {
      try {
        yield id;
        await sleep(5);
        throw new Error('nobody is there to hear this');
      } finally {
        closed.push(id);
      }
    }
    for await (const _ of merge([open(1), open(2)])) break;
    await sleep(50);
    assert.deepEqual(closed.sort(), [1, 2]);
  });
});
