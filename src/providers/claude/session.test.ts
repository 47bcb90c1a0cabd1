import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '../../../test/support/scripted-generate.ts';
import { foldCompletion } from '../../core/completion.ts';
import { Workspace } from '../../process/workspace.ts';
import { ClaudeProcess } from './process.ts';
import { ClaudeSession } from './session.ts';

/**
 * A stand-in for the CLI: it answers every question with so many pieces of text in one breath, and talks on behind the
 * result like the CLI does.
 */
const standIn = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const say = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
const stream = (event) => say({ type: 'stream_event', event });
require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
  const line = JSON.parse(text);
  if (line.type === 'control_request') {
    say({ type: 'control_response', response: { subtype: 'success', request_id: line.request_id } });
    return;
  }
  if (line.type !== 'user') return;
  const [pieces, behind] = line.message.content[0].text.split(' ').map(Number);
  stream({ type: 'message_start', message: { model: 'x' } });
  stream({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  for (let count = 0; count < pieces; count++) {
    stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: count + ' '.repeat(300) } });
  }
  stream({ type: 'message_delta', delta: { stop_reason: 'end_turn' } });
  say({ type: 'result', subtype: 'success', user_message_uuid: line.uuid });
  for (let count = 0; count < behind; count++) say({ type: 'command_lifecycle', state: 'completed' });
  process.stdout.write('', () => writeFileSync(process.env.HOME + '/said-all', ''));
});
`;

let directory: string;
let workspace: Workspace;
const processes: ClaudeProcess[] = [];
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'claude-session-'));
  writeFileSync(join(directory, 'claude'), standIn, { mode: 0o755 });
  workspace = await Workspace.open(join(directory, 'state'));
});
after(async () => {
  for (const process of processes) process.stop();
  await Promise.all(processes.map(({ exited }) => exited));
  await workspace[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function open() {
  const process = new ClaudeProcess({
    executable: join(directory, 'claude'),
    arguments: [],
    environment: { HOME: directory },
    workspace,
    configDirectory: directory,
  });
  processes.push(process);
  const session = new ClaudeSession({
    process,
    web: false,
    resume: () => Promise.reject(new Error('not here')),
    nativeModel: (name) => name,
    answerAs: (native) => native,
    settings: undefined,
    onBegin: () => {},
    onRateLimit: () => {},
    onResult: () => {},
  });
  return { process, session };
}

const asking = (pieces: number, behind = 0) =>
  request({ messages: [{ role: 'user', content: [{ type: 'text', text: `${pieces} ${behind}` }] }] });
const never = new AbortController().signal;

describe('ClaudeSession', { timeout: 60_000 }, () => {
  it('makes the CLI wait for a slow reader, and loses nothing', async () => {
    rmSync(join(directory, 'said-all'), { force: true });
    const { session } = open();
    const turn = session.turn(asking(20_000), { known: 0 }, never);
    assert.equal((await turn.next()).value?.type, 'start');
    await sleep(500);
    assert.ok(!existsSync(join(directory, 'said-all')), 'the CLI waits with some of its eight megabytes');
    let expected = 0;
    for await (const event of turn) {
      if (event.type !== 'text-delta') continue;
      assert.equal(Number.parseInt(event.text, 10), expected);
      expected += 1;
    }
    assert.equal(expected, 20_000);
    assert.ok(session.usable);
    await session[Symbol.asyncDispose]();
  });

  it('takes another turn although the CLI had been made to wait behind the result', async () => {
    const { session } = open();
    for (const pieces of [10, 600]) {
      const turn = session.turn(asking(pieces, 3_000), { known: 0 }, never);
      for await (const event of turn) if (event.type === 'start') await sleep(200);
      assert.ok(session.usable);
    }
    const { message } = await foldCompletion(session.turn(asking(1), { known: 0 }, never));
    assert.equal(message.content[0]?.type, 'text');
    await session[Symbol.asyncDispose]();
    assert.ok(!session.usable);
  });

  it('ends with its process when the caller leaves in the middle', async () => {
    const { session, process } = open();
    for await (const event of session.turn(asking(20_000), { known: 0 }, never)) if (event.type === 'text-delta') break;
    assert.ok(!session.usable);
    await session.exited;
    assert.ok(!process.alive);
  });

  it('fails with the reason of the abort, and ends', async () => {
    const abort = new AbortController();
    const { session } = open();
    const turn = session.turn(asking(20_000), { known: 0 }, abort.signal);
    await turn.next();
    abort.abort(new Error('no time'));
    await assert.rejects(
      async () => {
        for await (const _ of turn);
      },
      { kind: 'internal', cause: abort.signal.reason },
    );
    await session.exited;
    await assert.rejects(session.turn(asking(1), { known: 0 }, never).next(), { kind: 'provider-failed' });
  });

  it('says that the CLI stopped when it does', async () => {
    const { session, process } = open();
    const turn = session.turn(asking(20_000), { known: 0 }, never);
    await turn.next();
    process.stop();
    await assert.rejects(
      async () => {
        for await (const _ of turn);
      },
      { kind: 'provider-failed' },
    );
  });
});
