import { setTimeout as sleep } from 'node:timers/promises';
import { startNodeProcess } from './node-process.ts';
import type { SessionCounts } from './server-process.ts';

/** Standby sessions: one that may search the web, for callers without tools, and one that may not. */
const standbys = 2;
const longestWaitMs = 60_000;

export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /**
   * Waits until every standby is there again. Call it before each request, and say when the request begins a
   * conversation: it then takes a standby. Rejects when a request was not answered by the session that it should have
   * been answered by.
   */
  ready(next: { fresh: boolean }): Promise<void>;
}

/** Our server as a process of its own; `provider` is the id of the one that is measured. */
export async function startServerProcess(
  provider: string,
  environment: Record<string, string>,
): Promise<ServerProcess> {
  let counts: SessionCounts = { started: 0, opened: 0 };
  let changed = Promise.withResolvers<void>();
  const server = await startNodeProcess('server-process.ts', {
    arguments: [provider],
    environment,
    onMessage(message) {
      counts = message as SessionCounts;
      changed.resolve();
      changed = Promise.withResolvers();
    },
  });
  let expected = standbys;
  return {
    pid: server.pid,
    url: server.url,
    async ready({ fresh }) {
      const giveUp = sleep(longestWaitMs, 'too late', { ref: false });
      while (counts.opened < expected) {
        if ((await Promise.race([changed.promise, giveUp])) === 'too late') throw new Error(unlike(counts, expected));
      }
      if (counts.started > expected) throw new Error(unlike(counts, expected));
      if (fresh) expected += 1;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function unlike({ started, opened }: SessionCounts, expected: number): string {
  return `The server should have opened ${expected} sessions by now; it has begun ${started} and opened ${opened}.`;
}
