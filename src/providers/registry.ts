import type { Workspace } from '../process/workspace.ts';
import { ClaudeProvider } from './claude/claude.ts';
import { claudeSettings } from './claude/settings.ts';
import type { Provider } from './provider.ts';

/** The environment variables of all providers. */
export const providerSettings = { ...claudeSettings };

/** The CLIs, each by the id of the provider that has the user's own login. */
export type CliId = 'claude';

/** Each CLI's program: a name on the search path, or a path. */
export type Commands = Record<CliId, string>;

export interface ProvidersOptions {
  commands: Commands;
  /** What the children's environments are picked from. */
  environment: Record<string, string | undefined>;
  workspace: Workspace;
  /** The longest that one request to a model API may take, in milliseconds. */
  timeoutMs: number;
}

/** The user's own CLIs, with the user's logins. */
export function createProviders({ commands, ...options }: ProvidersOptions): Record<CliId, Provider> {
  return {
    claude: new ClaudeProvider({
      ...options,
      id: 'claude',
      title: 'Claude Code',
      prefix: 'claude',
      ownedBy: 'anthropic',
      command: commands.claude,
    }),
  };
}

export interface ScriptedOptions extends Omit<ProvidersOptions, 'environment'> {
  /** Where the programs look for others. */
  searchPath: string | undefined;
  /** A home directory that holds no login. */
  home: string;
  simulatorUrl: string;
  /** Opened when a request comes, not before. */
  onDemand?: boolean;
}

/** CLIs that talk to scripted model APIs instead of real ones, with a dummy key: `demo-` and the name of each. */
export function createScriptedProviders(options: ScriptedOptions): Record<CliId, Provider> {
  const { commands, searchPath, home, simulatorUrl, ...shared } = options;
  return {
    claude: new ClaudeProvider({
      ...shared,
      id: 'demo-claude',
      title: 'Demo of Claude Code (scripted answers)',
      prefix: 'demo-claude',
      ownedBy: 'clis-wrapper-simulator',
      command: commands.claude,
      environment: {
        PATH: searchPath,
        HOME: home,
        ANTHROPIC_BASE_URL: simulatorUrl,
        ANTHROPIC_API_KEY: 'demo',
      },
    }),
  };
}

/** The programs that a folder of installed packages holds. */
export function installedCommands(binaries: string): Commands {
  return { claude: `${binaries}/claude` };
}
