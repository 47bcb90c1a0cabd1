import { startNodeProcess } from './node-process.ts';
import type { Arrival } from './simulator-process.ts';
import type { Subject } from './subject.ts';

export interface SimulatorProcess extends AsyncDisposable {
  readonly url: string;
  /** The subject's requests for an answer since the last call, by whatever method. */
  arrivals(request: Subject['request']): Promise<Arrival[]>;
}

/** The scripted model API as a process of its own. */
export async function startSimulatorProcess(environment: Record<string, string>): Promise<SimulatorProcess> {
  const simulator = await startNodeProcess('simulator-process.ts', { environment });
  return {
    url: simulator.url,
    async arrivals({ path }) {
      const { arrivals } = (await simulator.ask('arrivals')) as { arrivals: Arrival[] };
      return arrivals.filter((arrival) => arrival.asks && path.test(arrival.path));
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}
