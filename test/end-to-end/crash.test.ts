import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type CallOptions, callChat } from '../support/call-chat.ts';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { eventually } from '../support/eventually.ts';
import type { PrivateHome } from '../support/private-home.ts';
import { isAlive } from '../support/processes.ts';
import { ServerProcess } from '../support/server-process.ts';
import { usualModel as model } from '../support/simulated-server.ts';
import { withHome } from '../support/with-home.ts';

/** A busy machine starts a CLI in many times the usual second. */
const patienceMs = 90_000;
const closingMs = 60_000;

const say = (content: string) => [{ role: 'user', content }];
const whole = (server: ServerProcess, prompt: string) => callChat(server.url, { model, messages: say(prompt) });
const streamed = (server: ServerProcess, prompt: string, options: CallOptions = {}) =>
  callChat(server.url, { model, stream: true, messages: say(prompt) }, options);
const closing = { type: 'error', status: 503, code: 'overloaded' };
const answer = (text: string) => ({ type: 'answer', text, toolCalls: [], finishReason: 'stop' });

/** Two requests that will not end by themselves, once they have reached the model API. */
async function hangingCalls(server: ServerProcess, simulator: Simulator) {
  const calls = [whole(server, '<whole> [[hang]]'), streamed(server, '<streamed> [[text Begun]] [[hang]]')];
  const requests = await Promise.all(
    ['<whole>', '<streamed>'].map((mark) => simulator.waitForRequest(mark, patienceMs)),
  );
  return { endings: Promise.all(calls), closed: Promise.all(requests.map(({ closed }) => closed)) };
}

describe('a server that ends', { skip: skipWithoutClaude, timeout: 600_000 }, () => {
  it('is tidied up after by the next one when it was killed', () =>
    withHome(async (home, simulator) => {
      await using killed = await ServerProcess.start(home, simulator);
      const { endings, closed } = await hangingCalls(killed, simulator);
      const { children, instance } = killed;
      assert.ok(children.length >= 2);
      await killed.end('SIGKILL');
      assert.deepEqual(
        (await endings).map(({ type }) => type),
        ['lost', 'lost'],
      );

      await using next = await ServerProcess.start(home, simulator);
      await eventually('the dead server has gone', () => {
        assert.deepEqual(children.filter(isAlive), [], 'processes');
        for (const path of [instance?.folder, instance?.scratch]) assert.equal(existsSync(path ?? '/'), false, path);
        const files = readdirSync(join(home.config, 'sessions'));
        assert.deepEqual(
          files.filter((file) => children.includes(Number.parseInt(file, 10))),
          [],
          'session files',
        );
        return true;
      });
      await closed;
      assert.deepEqual(await whole(next, '[[text Here again]]'), answer('Here again'));
      assert.equal(await next.end('SIGTERM'), 'code 0');
      assert.equal(next.errors, '');
    }));

  it('ends what is under way when it is asked to stop', () =>
    withHome(async (home, simulator) => {
      await using server = await ServerProcess.start(home, simulator, { PREWARM_SPARES: '0' });
      const short = whole(server, '<short> [[wait 1000]] [[text Done]]');
      await simulator.waitForRequest('<short>', patienceMs);
      const { endings, closed } = await hangingCalls(server, simulator);
      const known = server.children;
      const stuck = whole(server, '<stuck>');
      const booting = await eventually(
        'another CLI process',
        () => server.children.find((pid) => !known.includes(pid)),
        patienceMs,
      );
      process.kill(booting, 'SIGSTOP');
      const askedAt = performance.now();
      assert.equal(await server.end('SIGTERM'), 'code 0');
      assert.ok(performance.now() - askedAt < closingMs);
      assert.deepEqual(home.leftovers(), []);
      assert.equal((await short).type, 'answer');
      assert.deepEqual(await stuck, closing);
      const [hangingWhole, hangingStream] = await endings;
      assert.deepEqual(hangingWhole, closing);
      assert.deepEqual(hangingStream, { type: 'error-in-stream', text: 'Begun', code: 'overloaded' });
      await closed;
      assert.equal(server.errors, '');
    }));

  it('leaves nothing behind when it is asked to stop while it starts', () =>
    withHome(async (home, simulator) => {
      for (const moment of momentsOfStart(home)) {
        await using server = ServerProcess.spawn(home, simulator);
        await Promise.race([moment(server), server.exited]);
        assert.equal(await server.end('SIGTERM'), 'code 0');
        assert.deepEqual(home.leftovers(), []);
        assert.equal(server.errors, '');
      }
    }));

  it('does not touch another one on the same home', () =>
    withHome(async (home, simulator) => {
      await using staying = await ServerProcess.start(home, simulator);
      const begun = Promise.withResolvers<void>();
      const release = new AbortController();
      const call = streamed(staying, '[[slow 100]] [[repeat 3000 word]]', {
        onPiece: begun.resolve,
        signal: release.signal,
        deadlineMs: 120_000,
      });
      await Promise.race([begun.promise, call]);
      const spares = await eventually(
        'all CLI processes are there',
        () => staying.children.length === 3 && staying.children,
      );
      const before = {
        instance: staying.instance,
        children: spares,
        directories: readdirSync(staying.instance?.scratch ?? ''),
      };
      const now = () => ({
        instance: staying.instance,
        children: staying.children,
        directories: readdirSync(staying.instance?.scratch ?? ''),
      });

      await using stopped = await ServerProcess.start(home, simulator);
      assert.deepEqual(await whole(stopped, '[[text From the second]]'), answer('From the second'));
      assert.equal(await stopped.end('SIGTERM'), 'code 0');
      assert.deepEqual(now(), before);

      await using killed = await ServerProcess.start(home, simulator);
      await killed.end('SIGKILL');
      await using last = await ServerProcess.start(home, simulator);
      assert.equal(await last.end('SIGTERM'), 'code 0');
      assert.deepEqual(now(), before);

      release.abort();
      assert.deepEqual(await call, { type: 'hung-up' });
      assert.deepEqual(await whole(staying, '[[text From the first]]'), answer('From the first'));
      assert.equal(await staying.end('SIGTERM'), 'code 0');
    }));

  it('may be killed at any moment of its start', () =>
    withHome(async (home, simulator) => {
      await using killed = await ServerProcess.start(home, simulator);
      const { endings } = await hangingCalls(killed, simulator);
      await killed.end('SIGKILL');
      await endings;

      for (const moment of momentsOfStart(home)) {
        await using server = ServerProcess.spawn(home, simulator);
        await Promise.race([moment(server), server.exited]);
        await server.end('SIGKILL');
      }

      await using last = await ServerProcess.start(home, simulator);
      assert.deepEqual(await whole(last, '[[text Here again]]'), answer('Here again'));
      assert.equal(await last.end('SIGTERM'), 'code 0');
    }));
});

/** What happens one after the other while a server starts. */
function momentsOfStart(home: PrivateHome): ((server: ServerProcess) => Promise<unknown>)[] {
  return [
    () => firstEntry(join(home.state, 'instances'), /./),
    () => firstEntry(home.temporary, /^session-/),
    (server) => eventually('it listens', () => server.url !== '', patienceMs),
    (server) => eventually('it has a child', () => server.children.length > 0, patienceMs),
    (server) => eventually('it has spares', () => server.children.length > 1, patienceMs),
  ];
}

/** Waits until something new with such a name is in the folder; as soon after that as can be. */
function firstEntry(folder: string, name: RegExp): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const known = new Set(readdirSync(folder));
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, entry) => {
      if (entry === null || known.has(entry) || !name.test(entry)) return;
      watcher.close();
      resolve();
    });
  });
}
