import { runProgram } from '../../process/run-program.ts';
import type { ProviderStatus } from '../provider.ts';
import { isOlder } from '../version.ts';
import type { QwenCommand } from './command.ts';

const probeTimeoutMs = 20_000;

/** The files of conversations and of exchanges are the CLI's own affair: nothing older has been tried. */
export const minimumVersion = '0.24.4';
/** The newest version that our tests have run against. */
export const testedVersion = '0.24.4';

const notFound = 'Qwen Code was not found: install it with `npm install -g @qwen-code/qwen-code`';
export const installAdvice = `${notFound}, or set QWEN_CLI_PATH.`;
export const signInAdvice =
  'Qwen Code is not signed in: run `qwen` and use /auth, or set OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL.';
export const startAdvice = 'Qwen Code does not start: try `qwen --version` in a terminal.';

/** What to do about a CLI that is not there, given how it was looked for. A path stays between us and the owner. */
export function missingAdvice(command: string): string {
  if (command === 'qwen') return installAdvice;
  return `${notFound}, or correct QWEN_CLI_PATH: it names no program that can be run.`;
}

/** The CLI's version, as its package says it, or else it itself; undefined when it does not start. */
export async function findVersion(
  command: QwenCommand,
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (command.version !== undefined) return command.version;
  const options = { environment, signal, timeoutMs: probeTimeoutMs };
  const said = await runProgram(command.executable, [...command.arguments, '--version'], options).catch(
    () => undefined,
  );
  return said?.code === 0 ? /\d+\.\d+\.\d+/.exec(said.output)?.[0] : undefined;
}

/** The state of a CLI of this version, unless it is new enough. */
export function outdated(version: string): Pick<ProviderStatus, 'state' | 'advice'> | undefined {
  if (!isOlder(version, minimumVersion)) return undefined;
  const advice = `Qwen Code ${version} is too old: ${minimumVersion} or newer is needed, run \`npm install -g @qwen-code/qwen-code@latest\`.`;
  return { state: 'outdated', advice };
}
