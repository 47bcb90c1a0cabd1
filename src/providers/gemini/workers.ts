import { GatewayError } from '../../core/error.ts';
import { orAborted } from '../acp/or-aborted.ts';
import { neutralSystem } from './system-text.ts';
import type { GeminiWorker } from './worker.ts';

/** Workers at once: each can hold one system prompt that is in use. */
const mostWorkers = 3;
/** A further worker that nobody uses is ended. */
const idleMs = 5 * 60_000;
/** One that dies sooner than this is not started again by itself, and another one only after a while. */
const soundMs = 10_000;
const restartMs = 1_000;

/** So long a request waits for a worker that can take its system prompt. */
const patienceMs = 1_500;

/** The right to ask in a worker: its system prompt stays as it is until `unpin`, the worker itself until `release`. */
export interface Lease {
  worker: GeminiWorker;
  /** False where no worker could take the system prompt, which then has to be told in the conversation. */
  holdsSystem: boolean;
  unpin(): void;
  release(): void;
}

/** The workers of one login: one that is always there, and more while their system prompts cannot share it. */
export class GeminiWorkers implements AsyncDisposable {
  #start: () => Promise<GeminiWorker>;
  #workers: GeminiWorker[] = [];
  /** Not given out any more; each ends with its last turn. */
  #retired = new Set<GeminiWorker>();
  #starting: Promise<GeminiWorker> | undefined;
  #changed = Promise.withResolvers<void>();
  #closed = false;

  /** `start` comes back with a worker that is ready. */
  constructor(start: () => Promise<GeminiWorker>) {
    this.#start = start;
  }

  /** Waits until there is a worker. */
  async ready(signal: AbortSignal): Promise<GeminiWorker> {
    const [worker] = this.#usable();
    return worker ?? (await orAborted(this.#launch(), signal));
  }

  /** Whether sessions of this worker can still be asked. */
  isUsable(worker: GeminiWorker): boolean {
    return worker.process.alive && !this.#retired.has(worker);
  }

  /**
   * A worker with this system prompt. Where all have others that are in use, and go on using them, one that has none,
   * started for that purpose if need be.
   */
  async acquire(system: string, signal: AbortSignal): Promise<Lease> {
    const patience = AbortSignal.timeout(patienceMs);
    for (;;) {
      signal.throwIfAborted();
      await this.ready(signal);
      const worker = this.#take(system) ?? (patience.aborted ? this.#take(neutralSystem) : undefined);
      if (worker !== undefined) return this.lease(worker, worker.system === system);
      const launch = this.#usable().length < mostWorkers + (patience.aborted ? 1 : 0) ? this.#launch() : undefined;
      const { promise: changed } = this.#changed;
      // Whatever comes first; a start that fails is no worse than none.
      const either = Promise.race([changed, launch?.catch(() => changed) ?? changed]);
      await orAborted(either, patience.aborted ? signal : AbortSignal.any([signal, patience])).catch(() => {});
    }
  }

  /** For a further turn of a session in this worker. */
  lease(worker: GeminiWorker, holdsSystem: boolean): Lease {
    worker.pins += 1;
    worker.turns += 1;
    const unpin = once(() => {
      worker.pins -= 1;
      this.#tell();
    });
    const release = once(() => {
      unpin();
      worker.turns -= 1;
      this.#rest(worker);
    });
    return { worker, holdsSystem, unpin, release };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => {});
    const all = [...this.#workers, ...this.#retired];
    await Promise.all(all.map(({ process }) => process.end()));
  }

  #take(system: string): GeminiWorker | undefined {
    const workers = this.#usable();
    // The last one is for those that bring their system prompt some other way.
    const free = system === neutralSystem ? workers : workers.slice(0, mostWorkers);
    const worker = workers.find((one) => one.system === system) ?? free.find(({ pins }) => pins === 0);
    if (worker !== undefined) worker.system = system;
    return worker;
  }

  #usable(): GeminiWorker[] {
    return this.#workers.filter(({ process }) => process.alive);
  }

  #launch(): Promise<GeminiWorker> {
    if (this.#closed) return Promise.reject(new GatewayError('overloaded', 'The server is closing.'));
    if (this.#starting !== undefined) return this.#starting;
    const starting = this.#start().then((worker) => this.#add(worker));
    this.#starting = starting;
    const done = () => {
      this.#starting = undefined;
    };
    starting.then(done, done);
    return starting;
  }

  #add(worker: GeminiWorker): GeminiWorker {
    this.#workers.push(worker);
    const since = Date.now();
    void worker.process.exited.then(() => {
      this.#workers = this.#workers.filter((other) => other !== worker);
      this.#retired.delete(worker);
      this.#tell();
      if (Date.now() - since > soundMs) setTimeout(() => this.#restart(), restartMs).unref();
    });
    this.#tell();
    return worker;
  }

  #restart(): void {
    if (!this.#closed && this.#workers.length === 0) this.#launch().catch(() => {});
  }

  /** A turn is over: a worn worker is replaced, a further one ended when it stays idle. */
  #rest(worker: GeminiWorker): void {
    if (worker.turns === 0) worker.log.clear();
    if (worker.turns === 0 && this.#retired.has(worker)) {
      void worker.process.end();
      return;
    }
    if (worker.isWorn && !this.#retired.has(worker)) {
      this.#launch().then(
        () => this.#retire(worker),
        () => {},
      );
    } else if (worker.turns === 0 && this.#workers.length > 1) {
      const timer = setTimeout(() => {
        if (worker.turns === 0 && this.#workers.length > 1 && this.#workers[0] !== worker) this.#retire(worker);
      }, idleMs);
      timer.unref();
    }
  }

  #retire(worker: GeminiWorker): void {
    if (!this.#workers.includes(worker)) return;
    this.#workers = this.#workers.filter((other) => other !== worker);
    this.#retired.add(worker);
    if (worker.turns === 0) void worker.process.end();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
