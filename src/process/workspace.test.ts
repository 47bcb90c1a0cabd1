import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.ts';
import { isAlive } from '../../test/support/processes.ts';
import { unknownStart } from './process-start.ts';
import { Workspace } from './workspace.ts';

let root: string;
let home: string;
let temporary: string | undefined;
/** Processes that a test that fails would leave behind. */
const started: number[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workspace-'));
  home = join(root, 'home');
  temporary = process.env.TMPDIR;
  process.env.TMPDIR = join(root, 'tmp');
  mkdirSync(process.env.TMPDIR);
});
afterEach(() => {
  for (const pid of started.splice(0)) kill(pid);
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
  rmSync(root, { recursive: true, force: true });
});

const instances = () => readdirSync(join(home, 'instances'));
const scratches = () => readdirSync(join(root, 'tmp'));
const children = () => instances().flatMap((name) => readdirSync(join(home, 'instances', name, 'children')));

/** A server that has a child of its own, in a process of its own; what it says about them. */
async function startServer(leftover: string) {
  const script = `
    const { Workspace } = await import(${JSON.stringify(join(import.meta.dirname, 'workspace.ts'))});
    const { spawn } = await import('node:child_process');
    const { readFileSync } = await import('node:fs');
    const workspace = await Workspace.open(${JSON.stringify(home)});
    const directory = workspace.createDirectory();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { cwd: directory, detached: true });
    workspace.track(child.pid, [${JSON.stringify(leftover)}]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    console.log(JSON.stringify({ child: child.pid, directory }));
    setInterval(() => {}, 1000);`;
  const server = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(server.stdout, 'data');
  const { child, directory } = JSON.parse(String(said)) as { child: number; directory: string };
  started.push(server.pid as number, child);
  return { server, child, directory };
}

async function end(server: ChildProcess): Promise<void> {
  server.kill('SIGKILL');
  await once(server, 'exit');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, as it should be.
  }
}

describe('Workspace', { timeout: 60_000 }, () => {
  it('gives out empty directories that nobody else may read, outside the home', async () => {
    await using workspace = await Workspace.open(home);
    const directories = [workspace.createDirectory(), workspace.createDirectory()];
    assert.notEqual(directories[0], directories[1]);
    for (const directory of directories) {
      assert.deepEqual(readdirSync(directory), []);
      assert.equal(statSync(directory).mode & 0o077, 0);
      assert.ok(!directory.startsWith(home));
    }
    writeFileSync(join(directories[0] as string, 'file'), '');
    workspace.removeDirectory(directories[0] as string);
    workspace.removeDirectory(directories[0] as string);
    assert.ok(!existsSync(directories[0] as string));
    assert.ok(existsSync(directories[1] as string));
  });

  it('leaves nothing behind when it is disposed of', async () => {
    const workspace = await Workspace.open(home);
    workspace.createDirectory();
    workspace.track(process.pid, []);
    await workspace[Symbol.asyncDispose]();
    assert.deepEqual(instances(), []);
    assert.deepEqual(scratches(), []);
    // The record's second half is written a moment later: it must not bring the folder back, nor fail.
    await sleep(50);
    assert.deepEqual(instances(), []);
    workspace.track(process.pid, [])();
  });

  it('removes all files that begin like a leftover of a child that is gone, and no other', async () => {
    await using workspace = await Workspace.open(home);
    for (const name of ['12.json', '12.key', '123.json', 'file']) writeFileSync(join(root, name), '');
    // What cannot be removed keeps nobody from removing the rest.
    mkdirSync(join(root, '12.a-folder'));
    const untrack = workspace.track(
      4_000_000,
      ['12.', 'absent', 'file/below', 'missing/12.'].map((beginning) => join(root, beginning)),
    );
    assert.deepEqual(children(), ['4000000']);
    untrack();
    await sleep(20);
    assert.deepEqual(children(), []);
    assert.deepEqual(readdirSync(root).sort(), ['12.a-folder', '123.json', 'file', 'home', 'tmp']);
  });

  it('sweeps up what a killed server has left: its child, the files, the directories', async () => {
    const leftover = join(root, 'leftover');
    writeFileSync(leftover, '');
    const { server, child, directory } = await startServer(leftover);
    {
      await using _ = await Workspace.open(home);
      assert.ok(isAlive(child), 'a server that runs is left alone');
      assert.ok(existsSync(directory) && existsSync(leftover));
      assert.equal(instances().length, 2);
    }
    await end(server);
    assert.ok(isAlive(child));
    await using _ = await Workspace.open(home);
    await eventually('the child is gone', () => !isAlive(child));
    assert.ok(!existsSync(leftover));
    assert.ok(!existsSync(dirname(directory)));
    assert.equal(instances().length, 1);
  });

  it('ends no process that has only been given the number of one', async () => {
    const leftover = join(root, 'leftover');
    writeFileSync(leftover, '');
    const { server, child } = await startServer(leftover);
    await end(server);
    const [name = ''] = instances();
    const file = join(home, 'instances', name, 'children', String(child));
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), start: 'some other time' }));
    await using _ = await Workspace.open(home);
    assert.ok(isAlive(child));
    assert.ok(existsSync(leftover), 'the file may be named after the other process');
    assert.equal(instances().length, 1);
  });

  it('takes a server for running, and ends no child, where nobody can say when they were started', async () => {
    const { server, child } = await startServer(join(root, 'leftover'));
    const [name = ''] = instances();
    const change = (file: string, start: string) => {
      const path = join(home, 'instances', name, file);
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), start }));
    };
    change('instance.json', unknownStart);
    {
      await using _ = await Workspace.open(home);
      assert.ok(instances().includes(name));
    }
    await end(server);
    change(join('children', String(child)), unknownStart);
    await using _ = await Workspace.open(home);
    assert.ok(isAlive(child));
    assert.equal(instances().length, 1);
  });

  it('leaves the folders of other machines and of servers that are just starting, not of those that died in that', async () => {
    const folder = (name: string, record?: object) => {
      const path = join(home, 'instances', name);
      mkdirSync(join(path, 'children'), { recursive: true });
      if (record) writeFileSync(join(path, 'instance.json'), JSON.stringify(record));
      return path;
    };
    folder('elsewhere', { pid: 1, start: 'x', host: `${hostname()}-other`, scratch: join(root, 'none') });
    const starting = `${process.pid}-starting`;
    folder(starting);
    folder('4000000-died');
    const old = folder(`${process.pid}-old`);
    const long = new Date(Date.now() - 3_600_000);
    utimesSync(old, long, long);
    await using _ = await Workspace.open(home);
    const names = instances();
    assert.deepEqual(names.filter((name) => /elsewhere|starting|died|old/.test(name)).sort(), [starting, 'elsewhere']);
  });

  it('opens although a leftover cannot be removed', async () => {
    const leftover = join(root, 'leftover');
    mkdirSync(join(leftover, 'not-a-file'), { recursive: true });
    const { server, child } = await startServer(leftover);
    await end(server);
    await using _ = await Workspace.open(home);
    await eventually('the child is gone', () => !isAlive(child));
    assert.equal(instances().length, 1);
  });
});
