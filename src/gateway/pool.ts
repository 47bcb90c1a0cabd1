import { GatewayError } from '../core/error.ts';
import type { Lane, Session } from '../providers/provider.ts';
import { closeSession } from './close-session.ts';

const maxAgeMs = 15 * 60_000;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** A refill that nobody asked for yet starts after this time. */
const refillDelayMs = 2_000;

export interface PoolOptions {
  lane: Lane;
  spares: number;
  open: (lane: Lane, signal: AbortSignal) => Promise<Session>;
  onFailure: (error: unknown) => void;
}

interface Spare {
  session: Session;
  timer: NodeJS.Timeout;
}

/**
 * Sessions of one lane that are open before their request comes. Refilling costs a second of a processor, so it waits
 * until `refill` is called: when the request that took a spare has had its first event.
 */
export class SessionPool implements AsyncDisposable {
  #spares: Spare[] = [];
  #opening: Promise<Session>[] = [];
  #pauseMs = 0;
  #pausing = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = new AbortController();
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get ready(): number {
    return this.#spares.length;
  }

  /** A session that nobody has used: a spare, else the next one that opens, else one opened for this request. */
  async take(signal: AbortSignal): Promise<Session> {
    if (signal.aborted) throw GatewayError.from(signal.reason);
    for (let spare = this.#spares.shift(); spare; spare = this.#spares.shift()) {
      clearTimeout(spare.timer);
      this.#schedule(refillDelayMs);
      if (spare.session.usable) return this.#proven(spare.session);
      closeSession(spare.session);
    }
    try {
      return this.#proven(await this.#openFor(signal));
    } finally {
      this.#schedule(refillDelayMs);
    }
  }

  /** Brings the spares up to their number, unless opening has just failed. */
  refill(): void {
    if (this.#closed.signal.aborted || this.#pausing) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#spares.length + this.#opening.length < this.#options.spares) this.#open();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new GatewayError('cancelled', 'The server is closing.'));
    clearTimeout(this.#timer);
    const opened = await Promise.allSettled(this.#opening);
    const sessions = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    for (const { session, timer } of this.#spares.splice(0)) {
      clearTimeout(timer);
      sessions.push(session);
    }
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }

  async #openFor(signal: AbortSignal): Promise<Session> {
    const underWay = this.#opening.shift();
    if (underWay) {
      try {
        return await orAborted(underWay, signal);
      } catch (error) {
        // It was not opened for this request, so its failure is not this request's either.
        if (signal.aborted || this.#closed.signal.aborted) throw error;
      }
    }
    return orAborted(this.#options.open(this.#options.lane, signal), signal);
  }

  /** Opening alone proves nothing: a session that dies as soon as it is open must not be tried again every second. */
  #proven(session: Session): Session {
    this.#pauseMs = 0;
    return session;
  }

  #open(): void {
    const opening = this.#options.open(this.#options.lane, this.#closed.signal);
    this.#opening.push(opening);
    opening.then(
      (session) => {
        // Somebody who could not wait for a spare may have taken this one while it opened.
        if (this.#forget(opening)) this.#keep(session);
      },
      (error) => {
        this.#forget(opening);
        this.#fail(error);
      },
    );
  }

  #keep(session: Session): void {
    if (this.#closed.signal.aborted) {
      closeSession(session);
      return;
    }
    const timer = setTimeout(() => this.#retire(session), maxAgeMs);
    timer.unref();
    this.#spares.push({ session, timer });
    void session.exited.then((reason) => {
      if (this.#drop(session))
        this.#fail(new GatewayError('provider-failed', 'A spare session died.', { cause: reason }));
    });
  }

  #retire(session: Session): void {
    if (!this.#drop(session)) return;
    closeSession(session);
    this.refill();
  }

  #drop(session: Session): boolean {
    const index = this.#spares.findIndex((spare) => spare.session === session);
    if (index < 0) return false;
    clearTimeout(this.#spares[index]?.timer);
    this.#spares.splice(index, 1);
    return true;
  }

  #forget(opening: Promise<Session>): boolean {
    const index = this.#opening.indexOf(opening);
    if (index >= 0) this.#opening.splice(index, 1);
    return index >= 0;
  }

  /** Each failure in a row doubles the pause before the next try. */
  #fail(error: unknown): void {
    if (this.#closed.signal.aborted) return;
    this.#options.onFailure(error);
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, firstPauseMs), longestPauseMs);
    this.#pausing = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#schedule(this.#pauseMs);
  }

  #schedule(delayMs: number): void {
    if (this.#closed.signal.aborted || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pausing = false;
      this.refill();
    }, delayMs);
    this.#timer.unref();
  }
}

/** The session, or the abort; a session that comes too late is closed. */
async function orAborted(opening: Promise<Session>, signal: AbortSignal): Promise<Session> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(GatewayError.from(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    opening.then(closeSession, () => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
