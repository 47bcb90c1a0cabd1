import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { type GatewaySettings, gatewaySettings, toGatewaySettings } from './gateway/settings.ts';
import { type ResponseSettings, responseSettings, toResponseSettings } from './http/responses/settings.ts';
import { type HttpSettings, httpSettings, toHttpSettings } from './http/settings.ts';
import {
  type Commands,
  namedCommands,
  type ProvidersOptions,
  providerSettings,
  readAgents,
} from './providers/registry.ts';
import { booleanText } from './settings/readers.ts';

/** The environment variables of the program itself. */
const programSettings = {
  CLIS_WRAPPER_HOME: z
    .string()
    .trim()
    .optional()
    .describe('Where the server keeps its state. Unset: .claude-wrapper in your home directory.'),
  SKIP_CLI_VERIFICATION: booleanText
    .prefault('true')
    .describe(
      'true: listen at once and look at the CLIs meanwhile. false: look first, and refuse to start without one.',
    ),
  DEBUG_MODE: booleanText.prefault('false').describe('Log everything there is to log, prompts excepted.'),
  VERBOSE: booleanText.prefault('false').describe('Log the steps of each request.'),
};

/** Every variable of the program with its schema: part by part, each part owns its own. */
export const settingGroups = [
  { title: 'Server', settings: httpSettings },
  { title: 'Responses', settings: responseSettings },
  { title: 'Program', settings: programSettings },
  { title: 'Sessions', settings: gatewaySettings },
  { title: 'CLIs', settings: providerSettings },
] as const;

export interface Config {
  port: number;
  allowUnauthenticated: boolean;
  http: HttpSettings;
  responses: ResponseSettings;
  gateway: GatewaySettings;
  commands: Commands;
  agents: ProvidersOptions['agents'];
  /** An absolute path. */
  home: string;
  verifyFirst: boolean;
  logLevel: 'info' | 'debug' | 'trace';
  /** The environment with the `.env` file behind it: what the CLIs' own environments are picked from. */
  environment: Record<string, string | undefined>;
}

/** Settings that cannot be used: a line for each, one sentence that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const schema = z.object({
  ...httpSettings,
  ...responseSettings,
  ...programSettings,
  ...gatewaySettings,
  ...providerSettings,
});

/**
 * Reads the settings: `overrides` (the command line) win over the environment, the environment over the `.env` file in
 * `directory`. An empty variable counts as unset. Throws a `ConfigError`.
 */
export function readConfig(options: {
  environment: Record<string, string | undefined>;
  directory: string;
  overrides?: Record<string, string>;
}): Config {
  const environment = {
    ...readFile(join(options.directory, '.env')),
    ...withoutEmpty(options.environment),
    ...options.overrides,
  };
  const values = parse(withoutEmpty(environment));
  const home = resolve(options.directory, values.CLIS_WRAPPER_HOME ?? join(homedir(), '.claude-wrapper'));
  return {
    port: values.PORT,
    allowUnauthenticated: values.ALLOW_UNAUTHENTICATED,
    http: toHttpSettings(values),
    responses: toResponseSettings(values),
    gateway: toGatewaySettings(values),
    commands: namedCommands(values),
    agents: agentsOf({ named: values.ACP_AGENTS, directory: options.directory, home, environment }),
    home,
    verifyFirst: !values.SKIP_CLI_VERIFICATION,
    logLevel: values.DEBUG_MODE ? 'trace' : values.VERBOSE ? 'debug' : 'info',
    environment,
  };
}

function agentsOf(options: Parameters<typeof readAgents>[0]): Config['agents'] {
  try {
    return readAgents(options);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function readFile(file: string): Record<string, string | undefined> {
  if (!existsSync(file)) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}

function parse(environment: Record<string, string | undefined>): z.output<typeof schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  // A value may be a secret: it is named, never repeated.
  const sentences = new Map<string, string>();
  for (const { path, message } of result.error.issues) {
    const name = String(path[0]);
    if (!sentences.has(name)) sentences.set(name, `${name} ${message}.`);
  }
  throw new ConfigError([...sentences.values()].join('\n'));
}

function withoutEmpty(environment: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}
