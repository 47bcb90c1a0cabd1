import { isDeepStrictEqual } from 'node:util';
import type { AppServer } from './app-server.ts';
import { Thread, type ThreadSettings } from './thread.ts';

/** Threads that nobody needed just then, kept for whoever does. */
const keptAtMost = 2;

/** A thread without a turn, and what it was started with. */
export interface ReadyThread {
  thread: Thread;
  settings: ThreadSettings;
}

/**
 * Threads that wait for their first turn. What a thread shows the model is fixed when it is started, so one is started
 * as the latest conversation needed it; where the next one needs another, the two are exchanged.
 */
export class ReadyThreads {
  #usual: ThreadSettings;
  #kept: ReadyThread[] = [];

  constructor(plain: ThreadSettings) {
    this.#usual = plain;
  }

  /** What conversations begin with lately. */
  learn(settings: ThreadSettings): void {
    this.#usual = settings;
  }

  /** A thread for a conversation that is not there yet. */
  async open(server: AppServer): Promise<ReadyThread> {
    const settings = this.#usual;
    const thread = await Thread.start(server, settings);
    // An item that means nothing: with it Codex does now what it would do when the request is there.
    await thread.inject([{ type: 'noop' }]);
    return { thread, settings };
  }

  /** A thread for these settings; the one that does not fit them is kept for others. */
  async exchange(server: AppServer, unfit: ReadyThread, settings: ThreadSettings): Promise<Thread> {
    const at = this.#kept.findIndex((ready) => ready.thread.alive && fits(ready, settings));
    const [found] = at < 0 ? [] : this.#kept.splice(at, 1);
    this.#keep(unfit);
    return found?.thread ?? Thread.start(server, settings);
  }

  #keep(ready: ReadyThread): void {
    this.#kept = this.#kept.filter(({ thread }) => thread.alive);
    const same = this.#kept.findIndex((kept) => isDeepStrictEqual(kept.settings, ready.settings));
    const [extra] = same < 0 ? [] : this.#kept.splice(same, 1);
    void extra?.thread.close();
    this.#kept.push(ready);
    if (this.#kept.length > keptAtMost) void this.#kept.shift()?.thread.close();
  }
}

/** Whether a thread that has had no turn does for these settings: until then it may change its model. */
export function fits({ settings }: ReadyThread, asked: ThreadSettings): boolean {
  return isDeepStrictEqual({ ...settings, model: asked.model }, asked);
}
