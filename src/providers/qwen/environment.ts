import { childEnvironment } from '../../process/environment.ts';
import type { QwenFolders } from './folders.ts';
import type { QwenLogin } from './login.ts';

/** The output limit where neither the caller nor the user's settings say one: what the CLI itself begins with. */
export const usualOutputTokens = 32_000;

/** Settings of every worker, each a lock on something that would reach the model, the network or the disk. */
const fixed = {
  // One process: a parent in between would swallow the signals.
  QWEN_CODE_NO_RELAUNCH: 'true',
  // The first question waits for the caller's tools.
  QWEN_CODE_LEGACY_MCP_BLOCKING: '1',
  // Without a limit that somebody has set, the CLI has the model go on where it was cut off.
  QWEN_CODE_MAX_OUTPUT_TOKENS: String(usualOutputTokens),
};

/** What it takes to find the CLI and ask for its version. */
export function qwenSearchEnvironment(ours: Record<string, string | undefined>): Record<string, string> {
  return childEnvironment(ours, [], fixed);
}

/** The environment of a worker: folders of its own, and of ours the way to the network and the login. */
export function qwenEnvironment(
  ours: Record<string, string | undefined>,
  worker: { login: Pick<QwenLogin, 'variables'>; folders: QwenFolders; timeoutMs: number },
): Record<string, string> {
  const { login, folders, timeoutMs } = worker;
  const { XDG_CONFIG_HOME: _, XDG_RUNTIME_DIR: __, ...inherited } = childEnvironment(ours, [], {});
  return {
    ...inherited,
    ...login.variables,
    ...fixed,
    QWEN_CODE_API_TIMEOUT_MS: String(timeoutMs),
    QWEN_STREAM_IDLE_TIMEOUT_MS: String(timeoutMs),
    HOME: folders.home,
    TMPDIR: folders.temporary,
    QWEN_HOME: folders.settings,
    QWEN_RUNTIME_DIR: folders.runtime,
    QWEN_SYSTEM_MD: folders.systemFile,
  };
}
