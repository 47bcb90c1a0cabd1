import { AcpAgentProvider } from './acp-agents/acp-agent-provider.ts';
import { readAgentsFile } from './acp-agents/agents-file.ts';
import type { AcpAgentEntry } from './acp-agents/entry.ts';
import { acpAgentsSettings } from './acp-agents/settings.ts';
import { claude } from './claude/definition.ts';
import { claudeSettings } from './claude/settings.ts';
import type { CliDefinition, CliProviderOptions } from './cli-definition.ts';
import { codex } from './codex/definition.ts';
import { codexSettings } from './codex/settings.ts';
import { gemini } from './gemini/definition.ts';
import { geminiSettings } from './gemini/settings.ts';
import type { Provider } from './provider.ts';
import { qwen } from './qwen/definition.ts';
import { qwenSettings } from './qwen/settings.ts';

/** The environment variables of all providers. */
export const providerSettings = {
  ...claudeSettings,
  ...codexSettings,
  ...geminiSettings,
  ...qwenSettings,
  ...acpAgentsSettings,
};

/** The CLIs that this server knows, in the order in which they are shown. */
export const clis: readonly CliDefinition[] = [claude, codex, gemini, qwen];

/** Each CLI's program by the CLI's id: a name on the search path, or a path. */
export type Commands = Readonly<Record<string, string>>;

type Shared = Pick<CliProviderOptions, 'workspace' | 'loopback' | 'stateHome' | 'timeoutMs'>;

export interface ProvidersOptions extends Shared {
  commands: Commands;
  /** Programs of the operator's own choice. */
  agents: readonly AcpAgentEntry[];
  /** What the children's environments are picked from. */
  environment: Record<string, string | undefined>;
}

/** The agents of the operator's file, whose names win, and behind them the user's own CLIs with the user's logins. */
export function createProviders({ commands, agents, ...options }: ProvidersOptions): Provider[] {
  return [
    ...agents.map((entry) => new AcpAgentProvider({ ...options, entry })),
    ...clis.map((cli) => {
      const { id, title, ownedBy } = cli;
      return cli.create({ ...options, id, title, prefix: id, ownedBy, command: commandOf(commands, cli) });
    }),
  ];
}

/** The agents of the operator's file. Throws an Error of one sentence that names the file and the field at fault. */
export function readAgents(options: {
  named: string | undefined;
  directory: string;
  home: string;
  environment: Record<string, string | undefined>;
}): readonly AcpAgentEntry[] {
  return readAgentsFile({ ...options, taken: clis.flatMap(({ id }) => [id, scriptedId(id)]) });
}

export interface ScriptedOptions extends Shared {
  commands: Commands;
  /** Where the programs look for others. */
  searchPath: string | undefined;
  /** A home directory that holds no login. */
  home: string;
  simulatorUrl: string;
  /** Opened when a request comes, not before. */
  onDemand?: boolean;
}

/** The id of the provider that runs this CLI with scripted answers. */
export function scriptedId(id: string): string {
  return `demo-${id}`;
}

/** The same CLIs talking to scripted model APIs instead of real ones, with a dummy key. */
export function createScriptedProviders(options: ScriptedOptions): Provider[] {
  const { commands, searchPath, home, simulatorUrl, ...shared } = options;
  return clis.map((cli) => {
    const id = scriptedId(cli.id);
    return cli.create({
      ...shared,
      id,
      title: `Demo of ${cli.title} (scripted answers)`,
      prefix: id,
      ownedBy: 'clis-wrapper-simulator',
      command: commandOf(commands, cli),
      stateHome: home,
      environment: { PATH: searchPath, HOME: home, ...cli.scriptedEnvironment(simulatorUrl) },
    });
  });
}

/** The programs that the variables name. */
export function namedCommands(variables: Record<string, unknown>): Commands {
  return Object.fromEntries(clis.map(({ id, commandVariable }) => [id, String(variables[commandVariable])]));
}

/** The programs that a folder of installed packages holds. */
export function installedCommands(binaries: string): Commands {
  return Object.fromEntries(clis.map(({ id, program }) => [id, `${binaries}/${program}`]));
}

function commandOf(commands: Commands, { id, program }: CliDefinition): string {
  return commands[id] ?? program;
}
