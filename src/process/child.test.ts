import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.ts';
import { isAlive } from '../../test/support/processes.ts';
import { Child, type ChildOptions } from './child.ts';

let directory: string;
const children: Child[] = [];
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'child-'));
});
after(async () => {
  for (const child of children) child.stop();
  await Promise.all(children.map(({ exited }) => exited));
  rmSync(directory, { recursive: true, force: true });
});

/** A child that runs this JavaScript, and the lines that it has written so far. */
function run(script: string, options: Partial<ChildOptions> = {}) {
  const lines: string[] = [];
  const child = new Child({
    executable: process.execPath,
    arguments: ['-e', script],
    environment: {},
    directory,
    stopSignal: 'SIGINT',
    stopGraceMs: 20_000,
    onLine: (line) => lines.push(line),
    ...options,
  });
  children.push(child);
  return { child, lines };
}

const echo = `require('node:readline').createInterface({ input: process.stdin }).on('line', (l) => console.log('echo ' + l))`;

describe('Child', { timeout: 60_000 }, () => {
  it('talks in lines and says how the program left', async () => {
    const { child, lines } = run(echo);
    assert.ok(child.alive);
    child.write('one\ntw');
    child.write('o\n');
    assert.equal(await child.end(), 'exited with code 0');
    assert.deepEqual(lines, ['echo one', 'echo two']);
    assert.ok(!child.alive);
    assert.equal(await run('process.exit(3)').child.exited, 'exited with code 3');
    assert.equal(await run('process.kill(process.pid, "SIGTERM")').child.exited, 'ended by SIGTERM');
  });

  it('gives the program the environment and the directory that it was given, and nothing else', async () => {
    process.env.CHILD_TEST_SECRET = 'inherited';
    const { child, lines } = run('console.log(JSON.stringify([process.env, process.cwd()]))', {
      environment: { ONLY: 'this' },
    });
    await child.exited;
    delete process.env.CHILD_TEST_SECRET;
    const [environment, cwd] = JSON.parse(lines[0] ?? '');
    assert.equal(environment.ONLY, 'this');
    assert.equal(environment.CHILD_TEST_SECRET, undefined);
    assert.equal(environment.PATH, undefined);
    assert.ok(cwd.endsWith(directory));
  });

  it('is told of by `exited` when it cannot be started, for whatever reason', async () => {
    const plain = join(directory, 'not-executable');
    writeFileSync(plain, 'hello', { mode: 0o600 });
    const failures: [Partial<ChildOptions>, RegExp][] = [
      [{ executable: join(directory, 'missing') }, /could not be started: .*ENOENT/],
      [{ executable: plain }, /could not be started: .*EACCES/],
      [{ executable: join(plain, 'below-a-file') }, /could not be started: .*ENOTDIR/],
      [{ directory: join(directory, 'missing') }, /could not be started: .*ENOENT/],
      [{ environment: { BIG: 'x'.repeat(4_000_000) } }, /could not be started: .*E2BIG/],
      [{ arguments: ['a\0b'] }, /could not be started/],
    ];
    for (const [options, reason] of failures) {
      const { child } = run('', options);
      child.write('into the void\n');
      child.setPaused(true);
      assert.match(await child.exited, reason);
      assert.ok(!child.alive);
      child.stop();
      assert.match(await child.end(), reason);
    }
  });

  it('is told of by `exited` when there are no files left to talk through', {
    skip: process.platform === 'win32',
  }, async () => {
    const script = `
      import { openSync } from 'node:fs';
      const { Child } = await import(${JSON.stringify(join(import.meta.dirname, 'child.ts'))});
      try { for (;;) openSync('/dev/null', 'r'); } catch {}
      const child = new Child({ executable: process.execPath, arguments: ['-e', ''], environment: {}, directory: '/',
        stopSignal: 'SIGINT', stopGraceMs: 1000, onLine: () => {} });
      const reason = await child.exited;
      process.exit(/could not be started/.test(reason) ? 0 : 1);`;
    const file = join(directory, 'no-files.mjs');
    writeFileSync(file, script);
    const shell = spawn('/bin/sh', ['-c', 'ulimit -n 64; exec "$0" "$1"', process.execPath, file], { stdio: 'ignore' });
    assert.equal(await exitCode(shell), 0);
  });

  it('loses what is written to a program that has gone, and survives it', async () => {
    const { child } = run('process.stdin.destroy(); setTimeout(() => {}, 200)');
    for (let count = 0; count < 50; count += 1) {
      child.write('x'.repeat(100_000));
      await sleep(5);
    }
    assert.equal(await child.exited, 'exited with code 0');
    child.write('too late\n');
  });

  it('keeps the end of the standard error', async () => {
    const { child } = run(`process.stderr.write('a'.repeat(10000) + 'the end\\n')`);
    await child.exited;
    assert.match(child.errorTail, /a+the end\n$/);
    assert.ok(child.errorTail.length <= 4_000);
  });

  it('reads the last lines of a program that dies in the middle of a storm', async () => {
    const { child, lines } = run(`
      const fs = require('node:fs');
      for (let i = 0; i < 20000; i++) fs.writeSync(1, 'line ' + i + '\\n');
      process.kill(process.pid, 'SIGKILL')`);
    assert.equal(await child.exited, 'ended by SIGKILL');
    assert.equal(lines.length, 20_000);
    assert.equal(lines.at(-1), 'line 19999');
  });

  it('makes the program wait while it is paused, and goes on without a loss', async () => {
    const { child, lines } = run(`
      const fs = require('node:fs');
      let i = 0;
      for (; i < 3000; i++) { try { fs.writeSync(1, i + ' ' + 'x'.repeat(1000) + '\\n'); } catch (e) { console.error(e.code) } }
      fs.writeSync(2, 'done')`);
    await eventually('a first line', () => lines.length > 0);
    child.setPaused(true);
    await sleep(400);
    const read = lines.length;
    await sleep(300);
    assert.equal(lines.length, read, 'nothing is read while paused');
    assert.ok(read < 3_000);
    assert.equal(child.errorTail, '', 'the program waits instead of filling our memory');
    child.setPaused(false);
    assert.equal(await child.exited, 'exited with code 0');
    assert.deepEqual(
      lines.map((line) => Number(line.split(' ', 1)[0])),
      Array.from({ length: 3_000 }, (_, index) => index),
    );
  });

  it('stops on its signal, with its group, even for a reader that wants to pause again and again', async () => {
    const lines: string[] = [];
    const { child } = run(
      `
      const grandchild = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      process.on('SIGINT', () => process.exit(7));
      console.log(grandchild.pid);
      for (let i = 0; i < 500; i++) console.log('x'.repeat(1000));
      setInterval(() => {}, 1000)`,
      {
        onLine: (line) => {
          lines.push(line);
          child.setPaused(true);
        },
      },
    );
    await eventually('a first line', () => lines.length > 0);
    child.stop();
    child.stop();
    assert.equal(await child.exited, 'exited with code 7');
    await eventually('the grandchild is gone', () => !isAlive(Number(lines[0])));
  });

  it('kills a program that does not heed the signal, or the end of its input', async () => {
    const deaf = `process.on('SIGINT', () => {}); console.log('ready'); setInterval(() => {}, 1000)`;
    for (const leave of ['stop', 'end'] as const) {
      const { child, lines } = run(deaf, { stopGraceMs: 100 });
      await eventually('ready', () => lines.length > 0);
      void child[leave]();
      assert.equal(await child.exited, 'ended by SIGKILL');
    }
  });

  it('ends what the program leaves behind in its group, even if that holds its output open', async () => {
    const { child, lines } = run(`
      const grandchild = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'],
        { stdio: 'inherit' });
      console.log(grandchild.pid);
      setTimeout(() => process.exit(0), 50)`);
    assert.equal(await child.exited, 'exited with code 0');
    await eventually('the grandchild is gone', () => !isAlive(Number(lines[0])));
  });

  it('has left when the program has, although what it started elsewhere holds its output open', async (test) => {
    const { child, lines } = run(`
      const stray = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => console.log(1), 50)'],
        { stdio: 'inherit', detached: true });
      console.log(stray.pid);
      setTimeout(() => process.exit(5), 50)`);
    await eventually('a first line', () => lines.length > 0);
    const stray = Number(lines[0]);
    test.after(() => process.kill(stray, 'SIGKILL'));
    assert.equal(await child.exited, 'exited with code 5');
    assert.ok(!child.alive);
    const read = lines.length;
    await sleep(200);
    assert.equal(lines.length, read, 'nothing of the stray program is read any more');
  });

  it('reads all of the output of a program that has left while nobody read', async () => {
    const { child, lines } = run(`for (let i = 0; i < 500; i++) console.log(i + ' ' + 'x'.repeat(100))`);
    await eventually('a first line', () => lines.length > 0);
    child.setPaused(true);
    await sleep(1_500);
    child.setPaused(false);
    assert.equal(await child.exited, 'exited with code 0');
    assert.equal(lines.length, 500);
  });

  it('ends the program when a line cannot be taken, and takes no further one', async () => {
    let taken = 0;
    const { child } = run(`setInterval(() => console.log('bad\\nworse'), 5)`, {
      onLine: () => {
        taken += 1;
        throw new Error('no such line');
      },
    });
    assert.equal(await child.exited, 'sent what cannot be read: no such line');
    assert.equal(taken, 1);
  });
});

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}
