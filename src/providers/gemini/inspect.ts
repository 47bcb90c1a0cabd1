import { type RunOptions, runProgram } from '../../process/run-program.ts';
import type { ProviderStatus } from '../provider.ts';
import { isOlder } from '../version.ts';
import type { GeminiCommand } from './command.ts';
import type { GeminiLogin } from './login.ts';

/** The oldest version that our tests have run against. */
export const minimumVersion = '0.58.0';
/** The newest version that our tests have run against. */
export const testedVersion = '0.61.0';

const probeTimeoutMs = 20_000;
const notFound = 'Gemini CLI was not found: install it with `npm install -g @google/gemini-cli`';

/** What to do about a CLI that is not there, given how it was looked for. A path stays between us and the owner. */
export function missingAdvice(command: string): string {
  if (command === 'gemini') return `${notFound}, or set GEMINI_CLI_PATH.`;
  return `${notFound}, or correct GEMINI_CLI_PATH: it names no program that can be run.`;
}

export const signedOutAdvice =
  'Gemini CLI has no login: set GEMINI_API_KEY (a key from https://aistudio.google.com/apikey). A Google login works too, but the terms of Gemini CLI do not open it to other software.';

/** What can be said about this CLI without starting it; undefined when nothing is the matter. */
export function findFault(
  executable: string,
  version: string | undefined,
  login: GeminiLogin | undefined,
): Omit<ProviderStatus, 'models'> | undefined {
  if (version === undefined || isOlder(version, minimumVersion)) {
    const advice = `Gemini CLI ${version ?? 'of an unknown version'} is too old: ${minimumVersion} or newer is needed, run \`npm install -g @google/gemini-cli\`.`;
    return { state: 'outdated', executable, version, advice };
  }
  return login === undefined ? { state: 'signed-out', executable, version, advice: signedOutAdvice } : undefined;
}

/** The version, as the package says or else as the program itself does. */
export async function readVersion(
  executable: string,
  command: GeminiCommand,
  options: Omit<RunOptions, 'timeoutMs'>,
): Promise<string | undefined> {
  if (command.version !== undefined) return command.version;
  const said = await runProgram(executable, ['--version'], { ...options, timeoutMs: probeTimeoutMs }).catch(
    () => undefined,
  );
  return /\d+\.\d+\.\d+/.exec(said?.output ?? '')?.[0];
}
