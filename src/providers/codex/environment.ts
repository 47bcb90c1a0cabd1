import { childEnvironment } from '../../process/environment.ts';

/** The variable by which a key reaches the program; it is there only where there is a key. */
export const keyVariable = 'CODEX_API_KEY';

/**
 * The environment of a Codex process. `codexHome` stands for the user's whole home: what Codex would look for in the
 * real one, beside its own folder, is nobody's business.
 */
export function codexEnvironment(
  ours: Record<string, string | undefined>,
  codexHome: string,
  apiKey: string | undefined,
): Record<string, string> {
  const {
    XDG_CONFIG_HOME: _,
    XDG_RUNTIME_DIR: __,
    ...environment
  } = childEnvironment(ours, [], {
    CODEX_HOME: codexHome,
    HOME: codexHome,
    ...(apiKey !== undefined && { [keyVariable]: apiKey }),
  });
  return environment;
}
