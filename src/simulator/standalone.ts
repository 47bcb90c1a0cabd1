import { createInterface } from 'node:readline';
import { startSimulator } from './start-simulator.ts';

/**
 * `node standalone.ts [port] [record]`: prints `{"url":…}` when ready; ends on SIGTERM and when stdin ends. Each line on
 * stdin is answered by `{"requests":[{method, path, receivedAt}]}`: those that came since the line before, `record` of
 * them at most (none when left out), `receivedAt` in milliseconds since 1970.
 */
const [port = 0, record = 0] = process.argv.slice(2).map(Number);
const simulator = await startSimulator({ port, record });
console.log(JSON.stringify({ url: simulator.url }));

const stop = async (): Promise<void> => {
  await simulator[Symbol.asyncDispose]();
  process.exit(0);
};
process.once('SIGTERM', stop);
createInterface(process.stdin)
  .on('line', () => {
    const requests = simulator.requests.map(({ method, path, receivedAt }) => {
      return { method, path, receivedAt: performance.timeOrigin + receivedAt };
    });
    simulator.clear();
    console.log(JSON.stringify({ requests }));
  })
  .once('close', stop);
