import type { Session } from '../providers/provider.ts';
import { closeSession } from './close-session.ts';

interface LiveSession {
  session: Session;
  timer: NodeJS.Timeout;
}

/**
 * Sessions that wait for their conversation's next turn, found by the digest of what they hold. Bounded in number and
 * in time; who is taken out belongs to the taker.
 */
export class Conversations implements AsyncDisposable {
  #live = new Map<string, LiveSession>();
  readonly #limits: { liveSessions: number; liveSessionMs: number };

  constructor(limits: { liveSessions: number; liveSessionMs: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#live.size;
  }

  keep(digest: string, session: Session): void {
    if (!session.usable || this.#limits.liveSessions === 0) {
      closeSession(session);
      return;
    }
    const before = this.#remove(digest);
    if (before) closeSession(before);
    const timer = setTimeout(() => this.#drop(digest), this.#limits.liveSessionMs);
    timer.unref();
    this.#live.set(digest, { session, timer });
    void session.exited.then(() => {
      if (this.#live.get(digest)?.session === session) this.#remove(digest);
    });
    const [oldest] = this.#live.keys();
    if (this.#live.size > this.#limits.liveSessions && oldest !== undefined) this.#drop(oldest);
  }

  /** The session that holds the longest of these beginnings; `digests[n]` stands for `n` messages. */
  take(digests: readonly string[], isContinuation: (known: number) => boolean) {
    for (let known = digests.length - 1; known > 0; known -= 1) {
      const digest = digests[known];
      if (digest === undefined || !this.#live.has(digest)) continue;
      if (!isContinuation(known)) return undefined;
      const session = this.#remove(digest);
      if (session?.usable) return { session, known };
      if (session) closeSession(session);
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sessions = [...this.#live.keys()].map((digest) => this.#remove(digest));
    await Promise.all(sessions.map((session) => session?.[Symbol.asyncDispose]()));
  }

  #remove(digest: string): Session | undefined {
    const entry = this.#live.get(digest);
    if (!entry) return undefined;
    clearTimeout(entry.timer);
    this.#live.delete(digest);
    return entry.session;
  }

  #drop(digest: string): void {
    const session = this.#remove(digest);
    if (session) closeSession(session);
  }
}
