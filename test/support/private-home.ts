import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { processesOf } from './processes.ts';

/** A temporary directory that stands for a user's machine: home, CLI configuration, server state, temporary folder. */
export class PrivateHome implements AsyncDisposable {
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'home-')));
  readonly home = join(this.directory, 'user');
  readonly state = join(this.directory, 'state');
  /** Claude Code's configuration directory. */
  readonly config = join(this.directory, 'config');
  readonly temporary = join(this.directory, 'tmp');

  constructor() {
    for (const folder of [this.home, this.config, this.temporary]) mkdirSync(folder);
  }

  /** An environment that leads nowhere else. */
  get environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.home,
      TMPDIR: this.temporary,
      CLIS_WRAPPER_HOME: this.state,
      CLAUDE_CONFIG_DIR: this.config,
    };
  }

  /** Runs `work` with this home's temporary folder as our own process's too. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = this.temporary;
    try {
      return await work();
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  }

  /** What servers and their children should have taken away with them, as lines to read. */
  leftovers(): string[] {
    return [
      ...processesOf(this.directory).map((one) => `process ${one.pid} ${one.arguments.slice(0, 2).join(' ')}`),
      ...entries(this.temporary),
      ...entries(join(this.state, 'instances')),
      ...entries(join(this.config, 'sessions')),
      ...entries(join(this.config, 'projects')),
      ...entries(join(this.home, '.claude', 'sessions')),
      ...entries(join(this.home, '.claude', 'projects')),
    ];
  }

  /** Directories and files that running sessions use: none when none runs. */
  sessionFiles(): string[] {
    return [...entries(this.temporary).flatMap(entries), ...entries(join(this.config, 'sessions'))];
  }

  /** Fails when anything is left, then removes the directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await eventually('nothing is left behind', () => {
        assert.deepEqual(this.leftovers(), []);
        return true;
      });
    } finally {
      for (const { pid } of processesOf(this.directory)) kill(pid);
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just left.
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
