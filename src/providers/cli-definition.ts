import type { Workspace } from '../process/workspace.ts';
import type { Loopback } from '../tool-bridge/loopback.ts';
import type { Provider } from './provider.ts';

/** What every provider of a CLI is made from. */
export interface CliProviderOptions {
  id: string;
  /** For people: `Claude Code`. */
  title: string;
  /** Of its model names: `claude`. */
  prefix: string;
  /** Who its models belong to. */
  ownedBy: string;
  /** Name or path of the CLI. */
  command: string;
  /** What the children's environment is picked from. */
  environment: Record<string, string | undefined>;
  workspace: Workspace;
  /** Where children of all providers reach us. */
  loopback: Loopback;
  /** The folder of the server's state: a CLI that keeps a home of its own has it in there. */
  stateHome: string;
  /** The longest that one request to the model API may take, in milliseconds. */
  timeoutMs: number;
  /** No session is kept ready before the first request. */
  onDemand?: boolean;
}

export interface LoginProgram {
  arguments: string[];
  environment: Record<string, string>;
}

/** A CLI that this server knows, as data. */
export interface CliDefinition extends Pick<CliProviderOptions, 'id' | 'title' | 'ownedBy'> {
  /** The name of its program. */
  program: string;
  /** The variable that names another program. */
  commandVariable: string;
  /** The variables that say where the CLI finds its model API. */
  addressVariables: readonly string[];
  create(options: CliProviderOptions): Provider;
  /** The variables that send the CLI to a scripted model API with a dummy key. */
  scriptedEnvironment(simulatorUrl: string): Record<string, string>;
  /** The CLI's own login, for a terminal: arguments, and variables beside those of the terminal. */
  login(options: { stateHome: string; account: string }): LoginProgram | Promise<LoginProgram>;
}
