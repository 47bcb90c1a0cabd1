import { createInterface } from 'node:readline';
import { sampleJson } from '../src/simulator/sample-json.ts';
import { startSimulator } from '../src/simulator/start-simulator.ts';

/** A request as it reached the model API. */
export interface Arrival {
  /** Of a WebSocket's message: that of the handshake. */
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** False where it only prepares another and asks for no answer. */
  readonly asks: boolean;
  /** Milliseconds since 1970, when its body was there. */
  readonly receivedAt: number;
}

/**
 * The scripted model API with its records: prints `{"url":…}` when ready and answers each line on stdin with
 * `{"arrivals":[…]}`, those since the line before. Ends on SIGTERM and when stdin ends.
 */
const simulator = await startSimulator();
// What a CLI wants to know for itself comes with a schema, and with the prompt's directives: they are not meant for it.
simulator.script(
  ({ prompt }) => prompt.outputSchema !== undefined,
  ({ prompt }) => [{ type: 'text', text: JSON.stringify(sampleJson(prompt.outputSchema ?? {})) }],
);
console.log(JSON.stringify({ url: simulator.url }));

const stop = async (): Promise<void> => {
  await simulator[Symbol.asyncDispose]();
  process.exit(0);
};
process.once('SIGTERM', stop);
createInterface(process.stdin)
  .on('line', () => {
    const arrivals = simulator.requests.map(({ method, path, body, receivedAt }): Arrival => {
      const asks = (body as { generate?: unknown } | undefined)?.generate !== false;
      return { method, path, asks, receivedAt: performance.timeOrigin + receivedAt };
    });
    simulator.clear();
    console.log(JSON.stringify({ arrivals }));
  })
  .once('close', stop);
