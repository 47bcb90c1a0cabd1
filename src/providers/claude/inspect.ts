import { type RunOptions, runProgram } from '../../process/run-program.ts';
import type { Login, ProviderStatus } from '../provider.ts';
import { isOlder } from '../version.ts';

const probeTimeoutMs = 20_000;

/** The first version that keeps a prompt's `@path` and `/command` as plain text when told to. */
export const minimumVersion = '2.1.248';
/** The newest version that our tests have run against. */
export const testedVersion = '2.1.330';

const notFound = 'Claude Code was not found: install it with `npm install -g @anthropic-ai/claude-code`';
export const installAdvice = `${notFound}, or set CLAUDE_CLI_PATH.`;

/** What to do about a CLI that is not there, given how it was looked for. A path stays between us and the owner. */
export function missingAdvice(command: string): string {
  if (command === 'claude') return installAdvice;
  return `${notFound}, or correct CLAUDE_CLI_PATH: it names no program that can be run.`;
}

interface AuthStatus {
  loggedIn?: boolean;
  authMethod?: string;
  apiProvider?: string;
  subscriptionType?: string;
}

/** Asks the CLI for its version and its login; both answers come without the network and without spending tokens. */
export async function inspectClaude(
  executable: string,
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<Omit<ProviderStatus, 'models'>> {
  const options = { environment, signal, timeoutMs: probeTimeoutMs };
  const said = await runProgram(executable, ['--version'], options).catch(() => undefined);
  if (said?.code !== 0) {
    return { state: 'failed', executable, advice: 'Claude Code does not start: try `claude --version` in a terminal.' };
  }
  const version = /\d+\.\d+\.\d+/.exec(said.output)?.[0];
  if (version === undefined || isOlder(version, minimumVersion)) {
    return {
      state: 'outdated',
      executable,
      version,
      advice: `Claude Code ${version ?? 'of an unknown version'} is too old: ${minimumVersion} or newer is needed, run \`claude update\`.`,
    };
  }
  const status = await authStatus(executable, options);
  if (status === undefined) {
    const advice = 'Claude Code does not say whether it is signed in: try `claude auth status` in a terminal.';
    return { state: 'failed', executable, version, advice };
  }
  if (status.loggedIn !== true) {
    return {
      state: 'signed-out',
      executable,
      version,
      advice: 'Claude Code is not signed in: run `claude auth login`, or set ANTHROPIC_API_KEY.',
    };
  }
  return { state: 'ready', executable, version, login: describeLogin(status, environment) };
}

async function authStatus(executable: string, options: RunOptions): Promise<AuthStatus | undefined> {
  try {
    // Signed out is exit code 1 with the same JSON.
    const { output } = await runProgram(executable, ['auth', 'status', '--json'], options);
    return JSON.parse(output) as AuthStatus;
  } catch {
    return undefined;
  }
}

function describeLogin(status: AuthStatus, environment: Record<string, string>): Login {
  const method = status.authMethod ?? 'unknown';
  return { method, payer: payer(status, method, environment) };
}

function payer(status: AuthStatus, method: string, environment: Record<string, string>): string {
  if (method === 'third_party') return `your ${status.apiProvider} account`;
  if (method === 'api_key')
    return environment.ANTHROPIC_API_KEY ? 'the key in ANTHROPIC_API_KEY' : 'an Anthropic API key';
  if (method === 'oauth_token') {
    return environment.ANTHROPIC_AUTH_TOKEN
      ? 'the token in ANTHROPIC_AUTH_TOKEN'
      : 'the login in CLAUDE_CODE_OAUTH_TOKEN';
  }
  return status.subscriptionType ? `your Claude ${status.subscriptionType} subscription` : 'your Claude login';
}
