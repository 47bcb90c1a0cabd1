import { type RunOptions, runProgram } from '../../process/run-program.ts';
import type { Login, ProviderStatus } from '../provider.ts';
import { isOlder } from '../version.ts';
import { lockArguments } from './config.ts';
import { type Endpoint, usesLogin } from './settings.ts';

/** The newest version that our tests have run against. */
export const testedVersion = '0.169.0';
/** No older one has been tried, and the app-server's protocol changes from version to version. */
export const minimumVersion = '0.169.0';

const notFound = 'Codex was not found: install it with `npm install -g @openai/codex`';
export const installAdvice = `${notFound}, or set CODEX_CLI_PATH.`;

/** What to do about a CLI that is not there, given how it was looked for. A path stays between us and the owner. */
export function missingAdvice(command: string): string {
  if (command === 'codex') return installAdvice;
  return `${notFound}, or correct CODEX_CLI_PATH: it names no program that can be run.`;
}

/** Asks the CLI for its version and its login; both answers come without the network and without spending tokens. */
export async function inspectCodex(
  executable: string,
  endpoint: Endpoint,
  options: RunOptions,
): Promise<Omit<ProviderStatus, 'models'>> {
  const said = await runProgram(executable, ['--version'], options).catch(() => undefined);
  if (said?.code !== 0) {
    return { state: 'failed', executable, advice: 'Codex does not start: try `codex --version` in a terminal.' };
  }
  const version = /\d+\.\d+\.\d+/.exec(said.output)?.[0];
  if (version === undefined || isOlder(version, minimumVersion)) {
    return {
      state: 'outdated',
      executable,
      version,
      advice: `Codex ${version ?? 'of an unknown version'} is too old: ${minimumVersion} or newer is needed, run \`npm install -g @openai/codex\`.`,
    };
  }
  const login = usesLogin(endpoint) ? await readLogin(executable, options) : ownLogin(endpoint);
  if (login !== undefined) return { state: 'ready', executable, version, login };
  return {
    state: 'signed-out',
    executable,
    version,
    advice: 'Codex is not signed in: run `clis-wrapper login codex`, or set CODEX_API_KEY.',
  };
}

/** The login in Codex's home, in its own words; undefined when there is none. */
async function readLogin(executable: string, options: RunOptions): Promise<Login | undefined> {
  const words = ['login', 'status', ...lockArguments];
  const { code, output } = await runProgram(executable, words, { ...options, withErrors: true });
  if (code !== 0) return undefined;
  if (/using ChatGPT/i.test(output)) return { method: 'chatgpt', payer: 'your ChatGPT plan' };
  if (/API key/i.test(output)) return { method: 'api-key', payer: 'the OpenAI API key of your Codex login' };
  return { method: 'login', payer: 'your Codex login' };
}

function ownLogin({ apiKey }: Endpoint): Login {
  if (apiKey === undefined) return { method: 'none', payer: 'nobody: the model API at CODEX_BASE_URL gets no key' };
  return { method: 'api-key', payer: 'the key in CODEX_API_KEY' };
}
