import { startNodeProcess } from './node-process.ts';

/** A request as it reached the model API; milliseconds since 1970, when its body was there. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly receivedAt: number;
}

export interface SimulatorProcess extends AsyncDisposable {
  readonly url: string;
  /** The messages asked for since the last call. */
  arrivals(): Promise<Arrival[]>;
}

/** The scripted model API as a process of its own. */
export async function startSimulatorProcess(environment: Record<string, string>): Promise<SimulatorProcess> {
  const simulator = await startNodeProcess('../src/simulator/standalone.ts', { arguments: ['0', '1000'], environment });
  return {
    url: simulator.url,
    async arrivals() {
      const { requests } = (await simulator.ask('requests')) as { requests: Arrival[] };
      return requests.filter(({ method, path }) => method === 'POST' && path === '/v1/messages');
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}
