import { GatewayError } from '../../core/error.ts';
import type { Workspace } from '../../process/workspace.ts';
import { AgentProcess } from '../acp/agent-process.ts';
import { orAborted } from '../acp/or-aborted.ts';

/** An agent may be a package that is fetched the first time. */
const startTimeoutMs = 60_000;
/** Agents keep more of their sessions than they should. */
const mostSessions = 200;
const mostBytes = 2 * 1024 ** 3;

export interface AgentHostOptions {
  /** The program's file. */
  executable: string;
  arguments: readonly string[];
  /** Left out of it: TMPDIR, for a temporary folder that goes with the program. */
  environment: Record<string, string>;
  workspace: Workspace;
}

/** One session's place in a running agent, which is not ended before `release`. */
export interface Lease {
  process: AgentProcess;
  /** A directory that no other session has had, empty. */
  directory: string;
  /** Gives the place back; what the session left in its directory is removed. */
  release(): void;
}

interface Running {
  process: AgentProcess;
  leases: number;
  worn: boolean;
}

/** One agent's running program, started when it is needed and replaced when it has grown old or has died. */
export class AgentHost implements AsyncDisposable {
  #options: AgentHostOptions;
  #current: Running | undefined;
  #all = new Set<Running>();
  #closed = false;

  constructor(options: AgentHostOptions) {
    this.#options = options;
  }

  /** The one that is used now, dead or alive: for what it wrote last. */
  get process(): AgentProcess | undefined {
    return this.#current?.process;
  }

  /** Fails with what the start failed with, or with the abort. */
  async lease(signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    const running = this.#usable() ?? this.#start();
    const directory = this.#newDirectory(running);
    running.leases += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      running.leases -= 1;
      this.#options.workspace.removeDirectory(directory);
      void this.#rest(running);
    };
    try {
      await orAborted(running.process.ready, signal);
      return { process: running.process, directory, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map(({ process }) => process.end()));
  }

  #usable(): Running | undefined {
    return this.#current?.process.alive && !this.#current.worn ? this.#current : undefined;
  }

  #start(): Running {
    if (this.#closed) throw new GatewayError('overloaded', 'The server is closing.');
    const { workspace, ...program } = this.#options;
    const [directory, temporary] = [workspace.createDirectory(), workspace.createDirectory()];
    const environment = { TMPDIR: temporary, ...program.environment };
    const process = new AgentProcess({ ...program, environment, directory, workspace, startTimeoutMs });
    const running: Running = { process, leases: 0, worn: false };
    this.#current = running;
    this.#all.add(running);
    void process.exited.then(() => {
      this.#all.delete(running);
      for (const one of [directory, temporary]) workspace.removeDirectory(one);
    });
    return running;
  }

  /** Always a new one: what an agent knows of a directory, such as its tools, it keeps for whoever comes there next. */
  #newDirectory({ process }: Running): string {
    const { workspace } = this.#options;
    const directory = workspace.createDirectory();
    void process.exited.then(() => workspace.removeDirectory(directory));
    return directory;
  }

  /** A session has ended: an agent that is worn takes no more, and ends with the last of those it has. */
  async #rest(running: Running): Promise<void> {
    const { process } = running;
    const bytes = (await process.residentBytes()) ?? 0;
    if (process.sessionsMade >= mostSessions || bytes > mostBytes) running.worn = true;
    if (running.worn && running.leases === 0) await process.end();
  }
}
