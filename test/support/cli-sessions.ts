import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../../src/simulator/start-simulator.ts';

const sessionHeader = 'x-claude-code-session-id';

/** Numbers of the processes that have a session file in Claude Code's configuration directory. */
export function sessionFilePids(config: string): number[] {
  const folder = join(config, 'sessions');
  return [...new Set(existsSync(folder) ? readdirSync(folder).map((name) => Number.parseInt(name, 10)) : [])];
}

/** Which CLI process serves which request, as far as the CLI's own session files tell. */
export class CliSessions {
  #config: string;
  #simulator: Simulator;

  constructor(options: { config: string; simulator: Simulator }) {
    this.#config = options.config;
    this.#simulator = options.simulator;
  }

  /** The process whose request with this text has reached the model API; undefined when there is none, or `over` came. */
  async answering(text: string, over: AbortSignal): Promise<number | undefined> {
    while (!over.aborted) {
      const request = this.#simulator.lastRequest(text);
      if (request)
        return sessionFilePids(this.#config).find((pid) => this.#idOf(pid) === request.headers[sessionHeader]);
      await sleep(10);
    }
    return undefined;
  }

  /** Those of the processes that have not asked the model API anything yet. */
  unused(pids: readonly number[]): number[] {
    const used = new Set(this.#simulator.requests.map(({ headers }) => headers[sessionHeader]));
    return pids.filter((pid) => !used.has(this.#idOf(pid)));
  }

  #idOf(pid: number): string | undefined {
    try {
      return JSON.parse(readFileSync(join(this.#config, 'sessions', `${pid}.json`), 'utf8')).sessionId;
    } catch {
      return undefined;
    }
  }
}
