import { startSimulator } from './start-simulator.ts';

/** `node standalone.ts [port]`: prints `{"url":…}` when ready; ends on SIGTERM and when stdin ends. */
const simulator = await startSimulator({ port: Number(process.argv[2] ?? 0), record: 0 });
console.log(JSON.stringify({ url: simulator.url }));

const stop = async (): Promise<void> => {
  await simulator[Symbol.asyncDispose]();
  process.exit(0);
};
process.once('SIGTERM', stop);
process.stdin.once('end', stop).resume();
