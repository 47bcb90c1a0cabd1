import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AppServer } from './app-server.ts';
import { ServerKeeper } from './server-keeper.ts';

/** A server that lives until it is told not to. */
function server() {
  const { promise: exited, resolve } = Promise.withResolvers<string>();
  const fake = {
    alive: true,
    exited,
    die() {
      fake.alive = false;
      resolve('died');
    },
    async end() {
      fake.die();
    },
  };
  return fake;
}

function keeper(...outcomes: (ReturnType<typeof server> | Error)[]) {
  const starts: number[] = [];
  const keeping = new ServerKeeper(async () => {
    starts.push(performance.now());
    const outcome = outcomes[starts.length - 1];
    if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error('no more');
    return outcome as unknown as AppServer;
  });
  return { keeping, starts };
}

describe('ServerKeeper', () => {
  it('starts one server for all who ask, and none before', async () => {
    const only = server();
    const { keeping, starts } = keeper(only);
    assert.equal(starts.length, 0);
    const all = await Promise.all([keeping.current(), keeping.current()]);
    assert.deepEqual([...all, await keeping.current()], [only, only, only]);
    assert.equal(starts.length, 1);
    await keeping[Symbol.asyncDispose]();
    assert.equal(only.alive, false);
  });

  it('starts another when the server is gone, after a pause that grows', async () => {
    const servers = [server(), server(), server()] as const;
    const { keeping, starts } = keeper(...servers);
    for (const expected of servers) {
      assert.equal(await keeping.current(), expected);
      expected.die();
    }
    const [first = 0, second = 0, third = 0] = starts;
    assert.ok(second - first >= 490, `${second - first} ms`);
    assert.ok(third - second >= 990, `${third - second} ms`);
  });

  it('tells of a server that does not start, and tries again', async () => {
    const good = server();
    const { keeping } = keeper(new Error('broken'), good);
    await assert.rejects(keeping.current(), /broken/);
    assert.equal(await keeping.current(), good);
    await keeping[Symbol.asyncDispose]();
  });

  it('starts nothing once it is closed, not even what was waited for', async () => {
    const first = server();
    const { keeping, starts } = keeper(first, server());
    await keeping.current();
    first.die();
    const waiting = assert.rejects(keeping.current(), { kind: 'overloaded' });
    await keeping[Symbol.asyncDispose]();
    await waiting;
    await assert.rejects(keeping.current(), { kind: 'overloaded' });
    assert.equal(starts.length, 1);
  });
});
