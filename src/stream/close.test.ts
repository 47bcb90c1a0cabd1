import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeIterator } from './close.ts';

describe('closeIterator', () => {
  it('runs the clean-up of a source and swallows its failure', async () => {
    let closed = false;
    async function* source() {
      try {
        yield 1;
      } finally {
        closed = true;
        // biome-ignore lint/correctness/noUnsafeFinally: the failure is the point
        throw new Error('nobody is there to hear this');
      }
    }
    const iterator = source();
    await iterator.next();
    closeIterator(iterator);
    await sleep(5);
    assert.ok(closed);
  });

  it('asks nothing of a source that cannot be closed', () => {
    closeIterator({ next: async () => ({ done: true, value: undefined }) });
  });
});
