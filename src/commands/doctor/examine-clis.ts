import type { Config } from '../../config.ts';
import type { Provider, ProviderStatus } from '../../providers/provider.ts';
import { createProviders, createScriptedProviders, scriptedId } from '../../providers/registry.ts';
import { openWorkspace } from '../../server.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { Loopback } from '../../tool-bridge/loopback.ts';
import type { Check } from './check.ts';
import { checkBehaviours } from './check-behaviours.ts';

const inspectTimeoutMs = 60_000;

/** What was found out about one CLI. */
export interface Examination {
  id: string;
  title: string;
  versions: Provider['versions'];
  status: ProviderStatus;
  /** Empty where the CLI cannot be run. */
  behaviours: Check[];
}

export interface Listener {
  onStatus: (provider: Provider, status: ProviderStatus) => void;
  onCheck: (check: Check) => void;
}

/** Looks at each CLI, and tries those that can be run with a scripted model API and a home without a login. */
export async function examineClis(config: Config, listener: Listener): Promise<Examination[]> {
  const { commands, agents, environment, home: stateHome, http } = config;
  await using workspace = await openWorkspace(config);
  await using loopback = new Loopback();
  await using simulator = await startSimulator();
  const shared = { commands, workspace, loopback, stateHome, timeoutMs: http.maxTimeoutMs };
  const scripted = createScriptedProviders({
    ...shared,
    searchPath: environment.PATH,
    home: workspace.createDirectory(),
    simulatorUrl: simulator.url,
  });
  const examinations: Examination[] = [];
  for (const own of createProviders({ ...shared, agents, environment })) {
    await using provider = own;
    const status = await provider.inspect(AbortSignal.timeout(inspectTimeoutMs));
    listener.onStatus(provider, status);
    const behaviours: Check[] = [];
    if (status.state === 'ready' || status.state === 'signed-out') {
      await using twin = scripted.find(({ id }) => id === scriptedId(own.id));
      for await (const check of twin ? checkBehaviours(twin, { simulator, workspace }) : []) {
        behaviours.push(check);
        listener.onCheck(check);
      }
    }
    examinations.push({ id: provider.id, title: provider.title, versions: provider.versions, status, behaviours });
  }
  return examinations;
}

/** A CLI that was never installed is nothing wrong, as long as another one is ready. */
export function isWell(examinations: readonly Examination[]): boolean {
  const present = examinations.filter(({ status }) => status.state !== 'missing');
  const works = ({ status, behaviours }: Examination) => status.state === 'ready' && behaviours.every(({ ok }) => ok);
  return present.length > 0 && present.every(works);
}
