import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../../core/error.ts';
import type { AppServer } from './app-server.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** A server that has lived so long did not die of its start. */
const provenMs = 60_000;

/**
 * Keeps one server running: started when it is first needed, and again when it is gone. Each one in a row that does not
 * start, or dies young, doubles the pause before the next.
 */
export class ServerKeeper implements AsyncDisposable {
  readonly #start: () => Promise<AppServer>;
  #server: AppServer | undefined;
  #starting: Promise<AppServer> | undefined;
  #pauseMs = 0;
  #closed = new AbortController();

  constructor(start: () => Promise<AppServer>) {
    this.#start = start;
  }

  /** The running server, or the one that is being started. */
  current(): Promise<AppServer> {
    if (this.#closed.signal.aborted) return Promise.reject(new GatewayError('overloaded', 'The server is closing.'));
    if (this.#server?.alive) return Promise.resolve(this.#server);
    this.#starting ??= this.#restart().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new GatewayError('overloaded', 'The server is closing.'));
    await this.#starting?.catch(() => {});
    await this.#server?.end();
  }

  async #restart(): Promise<AppServer> {
    await sleep(this.#pauseMs, undefined, { signal: this.#closed.signal }).catch(() => {
      throw this.#closed.signal.reason;
    });
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, firstPauseMs), longestPauseMs);
    const server = await this.#start();
    this.#server = server;
    const proven = setTimeout(() => {
      this.#pauseMs = 0;
    }, provenMs);
    proven.unref();
    void server.exited.then(() => clearTimeout(proven));
    return server;
  }
}
