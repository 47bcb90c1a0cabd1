import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RequestLimit } from './request-limit.ts';

it('RequestLimit lets so many tasks run at once, the others in order, failures or not', async () => {
  const limit = new RequestLimit(2);
  const begun: number[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const runs = gates.map(({ promise }, index) =>
    limit.run(() => {
      begun.push(index);
      return promise;
    }),
  );
  const settled = Promise.allSettled(runs);
  assert.deepEqual(begun, [0, 1]);
  gates[1]?.reject(new Error('no'));
  await assert.rejects(runs[1] as Promise<number>, /no/);
  assert.deepEqual(begun, [0, 1, 2]);
  for (const [index, { resolve }] of gates.entries()) resolve(index);
  await settled;
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  assert.equal(await limit.run(() => Promise.resolve('free again')), 'free again');
});
