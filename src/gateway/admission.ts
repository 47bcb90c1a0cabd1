import { GatewayError } from '../core/error.ts';

const retryAfterSeconds = 5;

/** Whoever asks; all answers to one request are asked for by the same object. */
interface Entrant {
  readonly caller: string;
}

interface Waiting {
  caller: string;
  /** The first answer of its request: the further ones wait behind it, and none of them is one more who waits. */
  first: boolean;
  admit: () => void;
}

/**
 * Lets a bounded number of answers be made at once. Who has to wait is served caller by caller in turn, so that one
 * caller's crowd does not hold up another's single request. A crowd of requests beyond the bound fails with kind
 * `overloaded`; the further answers of a request that is inside wait as long as they must.
 */
export class Admission {
  #running = 0;
  #waiting: Waiting[] = [];
  #lastServed = new Map<string, number>();
  #served = 0;
  #inside = new WeakSet<Entrant>();
  readonly #limits: { maxConcurrent: number; maxWaiting: number };

  constructor(limits: { maxConcurrent: number; maxWaiting: number }) {
    this.#limits = limits;
  }

  /** Waits for a place for one answer. The function that comes back gives it up, and so does the signal. */
  async enter(request: Entrant, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw GatewayError.from(signal.reason);
    if (this.#running >= this.#limits.maxConcurrent) {
      await this.#wait(request, signal);
    } else {
      this.#running += 1;
      this.#inside.add(request);
      this.#serve(request.caller);
    }
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      signal.removeEventListener('abort', leave);
      this.#leave();
    };
    // An answer that nobody reads on never gets to its end.
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return leave;
  }

  #serve(caller: string): void {
    this.#served += 1;
    this.#lastServed.set(caller, this.#served);
  }

  #wait(request: Entrant, signal: AbortSignal): Promise<void> {
    const first = !this.#inside.has(request);
    if (first && this.#waiting.filter((entry) => entry.first).length >= this.#limits.maxWaiting) {
      throw new GatewayError('overloaded', 'The server has as many requests as it can take.', { retryAfterSeconds });
    }
    this.#inside.add(request);
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        caller: request.caller,
        first,
        admit: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(GatewayError.from(signal.reason));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(entry);
    });
  }

  #leave(): void {
    const next = this.#takeNext();
    if (next) next.admit();
    else this.#running -= 1;
  }

  /** Of the callers that wait, the one that was served longest ago. */
  #takeNext(): Waiting | undefined {
    let best: Waiting | undefined;
    let bestServed = Number.POSITIVE_INFINITY;
    for (const entry of this.#waiting) {
      const served = this.#lastServed.get(entry.caller) ?? 0;
      if (served < bestServed) [best, bestServed] = [entry, served];
    }
    if (best === undefined) {
      this.#lastServed.clear();
      return undefined;
    }
    this.#waiting.splice(this.#waiting.indexOf(best), 1);
    this.#serve(best.caller);
    return best;
  }
}
