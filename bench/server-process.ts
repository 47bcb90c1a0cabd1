import { pino } from 'pino';
import { readConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';

/** How many sessions have begun to open and how many are open, since the start. */
export interface SessionCounts {
  readonly started: number;
  readonly opened: number;
}

/**
 * Our server with its settings from the environment: prints `{"url":…}` when it listens, and tells its parent whenever
 * a session opens, so that no request is measured before its standby is there. Ends on SIGTERM, and when its parent
 * is gone.
 */
const directory = process.env.HOME ?? '.';
const config = readConfig({ environment: process.env, directory });
const server = await startServer({ config, log: pino(pino.destination('/dev/null')), version: 'bench' });

let started = 0;
let opened = 0;
const tell = () => process.send?.({ started, opened } satisfies SessionCounts);
for (const provider of server.providers) {
  const open = provider.open.bind(provider);
  provider.open = async (lane, signal) => {
    started += 1;
    tell();
    const session = await open(lane, signal);
    opened += 1;
    tell();
    return session;
  };
}

const stop = async (): Promise<void> => {
  await server[Symbol.asyncDispose]();
  process.exit(0);
};
for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, stop);
await server.inspected;
console.log(JSON.stringify({ url: server.url }));
