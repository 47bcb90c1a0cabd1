import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Channel } from './channel.ts';

async function readAll<T>(channel: Channel<T>): Promise<T[]> {
  return Array.fromAsync(channel);
}

describe('Channel', () => {
  it('hands on in order what was pushed before and while it was read', async () => {
    const channel = new Channel<number>();
    channel.push(1);
    channel.push(2);
    const read = readAll(channel);
    await Promise.resolve();
    channel.push(3);
    setTimeout(() => {
      channel.push(4);
      channel.end();
    });
    assert.deepEqual(await read, [1, 2, 3, 4]);
  });

  it('throws a failure after what was pushed before it', async () => {
    const channel = new Channel<number>();
    const seen: number[] = [];
    channel.push(1);
    channel.fail(new Error('broken'));
    channel.push(2);
    await assert.rejects(async () => {
      for await (const value of channel) seen.push(value);
    }, /broken/);
    assert.deepEqual(seen, [1]);
  });

  it('ends a reader that waits', { timeout: 10_000 }, async () => {
    for (const close of ['end', 'fail'] as const) {
      const channel = new Channel<number>();
      const read = readAll(channel).then(
        () => 'ended',
        () => 'failed',
      );
      setImmediate(() => (close === 'end' ? channel.end() : channel.fail(new Error('x'))));
      assert.equal(await read, close === 'end' ? 'ended' : 'failed');
    }
  });

  it('lets only the first end or failure count', async () => {
    const ended = new Channel<number>();
    ended.end();
    ended.fail(new Error('late'));
    assert.deepEqual(await readAll(ended), []);
    const failed = new Channel<number>();
    failed.fail(new Error('first'));
    failed.end();
    await assert.rejects(readAll(failed), /first/);
  });

  it('tells of pressure above the limit, and of its end when the reader has caught up', async () => {
    const told: boolean[] = [];
    const channel = new Channel<number>({ limit: 2, onPressure: (pressed) => told.push(pressed) });
    channel.push(1);
    channel.push(2);
    assert.deepEqual(told, []);
    channel.push(3);
    channel.push(4);
    assert.deepEqual(told, [true]);
    const reader = channel[Symbol.asyncIterator]();
    for (const expected of [1, 2, 3]) assert.equal((await reader.next()).value, expected);
    assert.deepEqual(told, [true]);
    assert.equal((await reader.next()).value, 4);
    assert.deepEqual(told, [true, false]);
  });

  it('takes the pressure off and drops what comes when the reader leaves', async () => {
    const told: boolean[] = [];
    const channel = new Channel<number>({ limit: 1, onPressure: (pressed) => told.push(pressed) });
    for (const value of [1, 2, 3]) channel.push(value);
    for await (const value of channel) {
      assert.equal(value, 1);
      break;
    }
    for (const value of [4, 5, 6]) channel.push(value);
    assert.deepEqual(told, [true, false]);
    assert.deepEqual(await readAll(channel), []);
  });

  it('forgets what has been read although the reader never quite catches up', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const channel = new Channel<object>();
    const reader = channel[Symbol.asyncIterator]();
    channel.push({});
    const read: WeakRef<object>[] = [];
    for (let count = 0; count < 1_000; count += 1) {
      channel.push({ count });
      const { value } = await reader.next();
      read.push(new WeakRef(value as object));
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
    const kept = read.filter((reference) => reference.deref() !== undefined).length;
    assert.ok(kept < 500, `${kept} of 1000 read values are still held`);
    channel.end();
  });
});
