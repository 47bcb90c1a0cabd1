import { childEnvironment } from '../../process/environment.ts';

/** What would lead an agent that has a home of its own back into ours. */
const placesInOurHome = ['XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR'];

/**
 * An agent's environment: what every program gets of ours, without our temporary folder, and what its entry gives it.
 */
export function agentEnvironment(
  ours: Record<string, string | undefined>,
  own: Record<string, string>,
): Record<string, string> {
  const left = ['TMPDIR', ...('HOME' in own ? placesInOurHome : [])];
  const shared = Object.fromEntries(Object.entries(ours).filter(([name]) => !left.includes(name)));
  return childEnvironment(shared, [], own);
}
