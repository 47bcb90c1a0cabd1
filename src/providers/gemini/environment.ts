import { childEnvironment } from '../../process/environment.ts';
import type { GeminiHome } from './home.ts';
import type { GeminiLogin } from './login.ts';

/** Settings of every worker, each a lock on something that would reach the model, the network or the disk. */
const fixed = {
  // One process: a parent in between would swallow the signals.
  GEMINI_CLI_NO_RELAUNCH: '1',
  GEMINI_CLI_TRUST_WORKSPACE: 'true',
  // A login that does not work must not wait for a browser.
  NO_BROWSER: 'true',
};

/** The environment of a worker: its own home, and of ours the way to the network and the login. */
export function geminiEnvironment(
  ours: Record<string, string | undefined>,
  login: GeminiLogin,
  home: GeminiHome,
): Record<string, string> {
  const { XDG_CONFIG_HOME: _, XDG_RUNTIME_DIR: __, no_proxy, ...inherited } = childEnvironment(ours, [], {});
  return {
    ...inherited,
    // The caller's tools are on this machine: a proxy would be shown what they are given, and not find them.
    NO_PROXY: [inherited.NO_PROXY ?? no_proxy, '127.0.0.1'].filter(Boolean).join(','),
    ...login.variables,
    ...fixed,
    // Google's own tools may have to be asked for a cloud's login.
    ...(login.method !== 'vertex-ai' && { PATH: home.programsDirectory }),
    HOME: home.directory,
    TMPDIR: `${home.directory}/tmp`,
    GEMINI_CLI_HOME: home.directory,
    GEMINI_SYSTEM_MD: home.systemFile,
    // With a Google login the CLI asks its maker instead, who may have opened models to the user.
    ...(login.method !== 'oauth-personal' && { GEMINI_EXP: home.experimentsFile }),
  };
}
