import type { Workspace } from '../../process/workspace.ts';
import type { Provider } from '../../providers/provider.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { behaviours } from './behaviours.ts';
import { type Check, runCheck } from './check.ts';
import { openProbe, type Probe } from './probe.ts';

/** Tries everything that we rely on with a CLI that talks to this simulator. Checks come as they are done. */
export async function* checkBehaviours(
  provider: Provider,
  { simulator, workspace }: { simulator: Simulator; workspace: Workspace },
): AsyncGenerator<Check> {
  let probe: Probe | undefined;
  const opened = await runCheck('the CLI starts with a dummy key', async () => {
    probe = await openProbe({ provider, simulator, workspace });
    return probe.model;
  });
  yield opened;
  if (probe === undefined) return;
  const ready = probe;
  for (const { name, run } of behaviours) yield await runCheck(name, () => run(ready));
}
