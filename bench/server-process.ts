import { pino } from 'pino';
import { readConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';

/** How many of the provider's sessions have begun to open and how many are open, since the start. */
export interface SessionCounts {
  readonly started: number;
  readonly opened: number;
}

/**
 * Our server with its settings from the environment; the argument is the id of the provider that is measured. Prints
 * `{"url":…}` when that provider has been looked at, and tells its parent whenever a session of it opens, so that no
 * request is measured before its standby is there. Ends with code 1 when the provider cannot answer, on SIGTERM, and
 * when its parent is gone.
 */
const measured = process.argv[2];
const directory = process.env.HOME ?? '.';
const config = readConfig({ environment: process.env, directory });
let advice: string | undefined = 'There is no such provider.';
const server = await startServer({
  config,
  log: pino(pino.destination('/dev/null')),
  version: 'bench',
  onStatus({ id }, status) {
    if (id === measured) advice = status.state === 'ready' ? undefined : (status.advice ?? status.state);
  },
});

let started = 0;
let opened = 0;
const tell = () => process.send?.({ started, opened } satisfies SessionCounts);
for (const provider of server.providers.filter(({ id }) => id === measured)) {
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

const stop = async (code: number): Promise<void> => {
  await server[Symbol.asyncDispose]();
  process.exit(code);
};
for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, () => stop(0));
await server.inspected;
if (advice === undefined) {
  console.log(JSON.stringify({ url: server.url }));
} else {
  console.error(advice);
  await stop(1);
}
