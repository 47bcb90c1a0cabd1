import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { claudeCli } from './claude-cli.ts';
import { eventually } from './eventually.ts';
import type { PrivateHome } from './private-home.ts';
import { isAlive } from './processes.ts';

/** On a busy machine. */
const startingMs = 90_000;

const program = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');

/** `clis-wrapper start` as a process of its own on a private home, with the real CLI. */
export class ServerProcess implements AsyncDisposable {
  readonly pid: number;
  /** `code n` or the signal that ended it. */
  readonly exited: Promise<string>;
  /** What it wrote to standard error: nothing, when all is well. */
  errors = '';
  #output = '';
  #process: ChildProcessByStdio<null, Readable, Readable>;
  #home: PrivateHome;

  private constructor(home: PrivateHome, environment: Record<string, string>) {
    this.#home = home;
    this.#process = spawn(process.execPath, [program, 'start'], {
      cwd: home.directory,
      env: {
        ...home.environment,
        PORT: '0',
        CLAUDE_CLI_PATH: claudeCli,
        ANTHROPIC_API_KEY: 'sk-ant-simulated',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.pid = this.#process.pid ?? 0;
    this.#process.stdout.setEncoding('utf8').on('data', (text) => {
      this.#output += text;
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text) => {
      this.errors += text;
    });
    this.exited = new Promise((resolve) => {
      this.#process.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
    });
  }

  /** Starts without waiting for anything. */
  static spawn(home: PrivateHome, simulator: Simulator, environment: Record<string, string> = {}): ServerProcess {
    return new ServerProcess(home, { ANTHROPIC_BASE_URL: simulator.url, ...environment });
  }

  /** Starts, and waits until the CLI has been looked at and the server listens. */
  static async start(
    home: PrivateHome,
    simulator: Simulator,
    environment: Record<string, string> = {},
  ): Promise<ServerProcess> {
    const server = ServerProcess.spawn(home, simulator, { SKIP_CLI_VERIFICATION: 'false', ...environment });
    try {
      await eventually('the server listens', () => server.url !== '' || !isAlive(server.pid), startingMs);
    } finally {
      if (server.url === '') await server.end('SIGKILL');
    }
    if (server.url === '') throw new Error(`the server did not start: ${server.errors}`);
    return server;
  }

  /** Empty until it listens. */
  get url(): string {
    return /"url":"([^"]+)\/v1"/.exec(this.#output)?.[1] ?? '';
  }

  /** The end of what it has logged. */
  get log(): string {
    return this.#output.slice(-4_000);
  }

  /** What it has written down about itself: undefined before it has. */
  get instance(): { folder: string; scratch: string } | undefined {
    const instances = join(this.#home.state, 'instances');
    for (const name of existsSync(instances) ? readdirSync(instances) : []) {
      const folder = join(instances, name);
      const record = join(folder, 'instance.json');
      const { pid, scratch } = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {};
      if (pid === this.pid) return { folder, scratch };
    }
    return undefined;
  }

  /** Numbers of its CLI processes that run. */
  get children(): number[] {
    const { folder } = this.instance ?? {};
    if (folder === undefined) return [];
    return readdirSync(join(folder, 'children')).map(Number).filter(isAlive);
  }

  /** Resident memory in megabytes. */
  get memory(): number {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(this.pid)])) / 1_024;
  }

  /** The number of its open files and sockets; 0 where the system does not show them. */
  get openFiles(): number {
    const folder = `/proc/${this.pid}/fd`;
    return existsSync(folder) ? readdirSync(folder).length : 0;
  }

  /** Sends a signal and waits for the end; resolves to how it ended. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<string> {
    this.#process.kill(signal);
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}
