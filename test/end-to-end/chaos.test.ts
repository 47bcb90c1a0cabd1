import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { callChat } from '../support/call-chat.ts';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { CliSessions, sessionFilePids } from '../support/cli-sessions.ts';
import { eventually } from '../support/eventually.ts';
import type { PrivateHome } from '../support/private-home.ts';
import { processesOf } from '../support/processes.ts';
import { Random } from '../support/random.ts';
import { ServerProcess } from '../support/server-process.ts';
import { usualModel as model } from '../support/simulated-server.ts';
import { withHome } from '../support/with-home.ts';
import { type Chaos, scenes } from './chaos.requests.ts';

const requests = 100;
const atOnce = 6;
/** One with web tools and one without. */
const spares = 2;
const liveSessions = 4;
const healingMs = 60_000;
/** Megabytes, and open files, by which the second half may end above the first. */
const moreMemory = 60;
const moreOpenFiles = 24;

describe('the server in chaos', { skip: skipWithoutClaude, timeout: 600_000 }, () => {
  it('ends every request, heals and leaves nothing behind', async (t) => {
    // The same seed makes the same scenes in the same order; how they meet is up to the machine.
    const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
    t.diagnostic(`CHAOS_SEED=${seed}`);
    await withHome(async (home, simulator) => {
      await using server = await ServerProcess.start(home, simulator, {
        LIVE_SESSIONS: String(liveSessions),
        SSE_KEEPALIVE_INTERVAL: '0.2',
      });
      const sessions = new CliSessions({ config: home.config, simulator });
      const chaos: Chaos = { server, sessions, random: new Random(seed), calls: 0, sparesKilled: 0, mishaps: 0 };

      await calm(home, chaos);
      await play(chaos, requests / 2);
      await calm(home, chaos);
      const half = { memory: server.memory, openFiles: server.openFiles };
      await play(chaos, requests);
      await calm(home, chaos);
      const whole = { memory: server.memory, openFiles: server.openFiles };

      const { sparesKilled, mishaps } = chaos;
      t.diagnostic(JSON.stringify({ sparesKilled, mishaps, half, whole }));
      assert.ok(mishaps <= sparesKilled, `${mishaps} requests failed that nobody meant, ${sparesKilled} spares killed`);
      assert.ok(whole.memory < half.memory + moreMemory, `megabytes: ${half.memory}, then ${whole.memory}`);
      assert.ok(whole.openFiles < half.openFiles + moreOpenFiles, `files: ${half.openFiles}, then ${whole.openFiles}`);
      await Promise.all(simulator.requests.map(({ closed }) => closed));

      const after = await callChat(server.url, { model, messages: [{ role: 'user', content: '[[text Still here]]' }] });
      assert.deepEqual(after, { type: 'answer', text: 'Still here', toolCalls: [], finishReason: 'stop' });
      assert.equal(await server.end('SIGTERM'), 'code 0');
      assert.equal(server.errors, '');
      assert.deepEqual(home.leftovers(), []);
    });
  });
});

/** Plays scenes, some at once, until so many requests have been made. */
async function play(chaos: Chaos, until: number): Promise<void> {
  let program: string[] = [];
  const actor = async () => {
    while (chaos.calls < until) {
      if (program.length === 0) program = chaos.random.shuffle(Object.keys(scenes));
      const name = program.pop() ?? '';
      const number = chaos.calls;
      await scenes[name]?.(chaos, `<${number}>`).catch((cause) => {
        throw new Error(`${name}, request ${number}: ${cause.message}\n${chaos.server.log}`, { cause });
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, actor));
}

/** Waits until all spares are there, and nothing is that no running CLI process needs. */
async function calm(home: PrivateHome, { server, sessions }: Chaos): Promise<void> {
  await eventually(
    'the server is whole and tidy',
    () => {
      const { children, instance } = server;
      assert.equal(sessions.unused(children).length, spares, 'spares');
      assert.ok(children.length <= spares + liveSessions, `${children.length} CLI processes`);
      const running = processesOf(home.directory).map(({ pid }) => pid);
      assert.deepEqual(new Set(running.filter((pid) => pid !== server.pid)), new Set(children), 'processes');
      assert.deepEqual(new Set(sessionFilePids(home.config)), new Set(children), 'session files');
      // One to run in and one for temporary files.
      assert.equal(readdirSync(instance?.scratch ?? '').length, 2 * children.length, 'directories');
      return true;
    },
    healingMs,
  );
}
