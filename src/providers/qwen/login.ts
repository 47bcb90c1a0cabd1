import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Login } from '../provider.ts';
import { parseCommentedJson } from './commented-json.ts';

type Variables = Record<string, string | undefined>;

/** One model as the user's settings describe it; whatever else they say of it is handed on. */
export interface ModelEntry {
  id: string;
  baseUrl?: string;
  /** The variable that holds the key. */
  envKey?: string;
  generationConfig?: Record<string, unknown>;
  capabilities?: { reasoning?: { efforts?: string[]; canDisable?: boolean } };
}

/** How Qwen Code is signed in: what its user has chosen in its settings, else what the environment says. */
export interface QwenLogin extends Login {
  /** Those of the user's settings that say where the models are, and with which login they are reached. */
  settings: Record<string, unknown>;
  /** What a worker's environment needs for it. */
  variables: Record<string, string>;
  /** Files of the user's own that hold the login: linked, never read. */
  files: string[];
  /** The group of the settings' models that this login reaches, and the models in it. */
  group: string;
  entries: ModelEntry[];
}

interface OwnSettings {
  security?: { auth?: { selectedType?: string; apiKey?: string; baseUrl?: string } };
  modelProviders?: Record<string, unknown>;
  providerProtocol?: Record<string, string>;
  model?: { name?: string; baseUrl?: string };
  env?: Record<string, unknown>;
  proxy?: string;
}

/** What each kind of login reads from the environment; the first is the key. */
const variablesOf: Record<string, readonly string[]> = {
  openai: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'QWEN_MODEL'],
  anthropic: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL'],
  gemini: ['GEMINI_API_KEY', 'GEMINI_MODEL'],
  'vertex-ai': [
    'GOOGLE_API_KEY',
    'GOOGLE_MODEL',
    'GOOGLE_CLOUD_PROJECT',
    'GOOGLE_CLOUD_LOCATION',
    'GOOGLE_APPLICATION_CREDENTIALS',
  ],
};

const oauth = 'qwen-oauth';

/**
 * Which login there is, without the network. Of the user's settings only what belongs to it is taken over; a key that
 * stands in them goes the way that all keys go, through the worker's environment. `home` is the user's home directory.
 */
export async function findLogin(environment: Variables, home: string): Promise<QwenLogin | undefined> {
  const folder = environment.QWEN_HOME || join(home, '.qwen');
  const own = await readSettings(join(folder, 'settings.json'));
  const auth = own.security?.auth ?? {};
  const known = { ...texts(own.env), ...(await readVariables(join(folder, '.env'))), ...withoutEmpty(environment) };
  const method = auth.selectedType ?? methodOf(known);
  if (method === undefined) return undefined;
  const [group, entries] = findGroup(own, method);
  const names = [...(variablesOf[method] ?? []), ...entries.flatMap(({ envKey }) => envKey ?? [])];
  const [keyName = ''] = variablesOf[method] ?? [];
  const inSettings = method === 'openai' ? { OPENAI_API_KEY: auth.apiKey, OPENAI_BASE_URL: auth.baseUrl } : {};
  const variables = { ...withoutEmpty(inSettings), ...pick(known, names) };
  const cached = join(folder, 'oauth_creds.json');
  if (method === oauth && !(await exists(cached))) return undefined;
  if (method !== oauth && !hasKey(entries, keyName, variables)) return undefined;
  const entry = entries.find(({ id }) => id === own.model?.name) ?? entries[0];
  return {
    method,
    payer: payer(method, { entry, keyName, baseUrl: entry?.baseUrl ?? variables.OPENAI_BASE_URL }),
    settings: {
      security: { auth: { selectedType: method } },
      ...(entries.length > 0 && { modelProviders: { [group]: entries } }),
      ...(own.providerProtocol?.[group] !== undefined && {
        providerProtocol: { [group]: own.providerProtocol[group] },
      }),
      ...(own.model?.name !== undefined && { model: { name: own.model.name, baseUrl: own.model.baseUrl } }),
      ...(own.proxy !== undefined && { proxy: own.proxy }),
    },
    variables,
    files: method === oauth ? [cached] : [],
    group,
    entries,
  };
}

/** The rule of the CLI for a user who has chosen nothing. */
function methodOf(known: Variables): string | undefined {
  if (known.OPENAI_API_KEY && known.OPENAI_BASE_URL && (known.OPENAI_MODEL || known.QWEN_MODEL)) return 'openai';
  if (known.GEMINI_API_KEY && known.GEMINI_MODEL) return 'gemini';
  if ((known.GOOGLE_API_KEY || known.GOOGLE_CLOUD_PROJECT) && known.GOOGLE_MODEL) return 'vertex-ai';
  if (known.ANTHROPIC_API_KEY && known.ANTHROPIC_MODEL && known.ANTHROPIC_BASE_URL) return 'anthropic';
  return undefined;
}

/** The models that this kind of login reaches: a group may be named after the kind, or say that it speaks like it. */
function findGroup(own: OwnSettings, method: string): [group: string, entries: ModelEntry[]] {
  const groups = Object.entries(own.modelProviders ?? {}).flatMap(([name, list]): [string, ModelEntry[]][] =>
    (own.providerProtocol?.[name] ?? name) === method && Array.isArray(list) ? [[name, list.filter(isEntry)]] : [],
  );
  const chosen = groups.find(([, list]) => list.some(({ id }) => id === own.model?.name)) ?? groups[0];
  return chosen ?? [method, []];
}

function isEntry(value: unknown): value is ModelEntry {
  return typeof (value as ModelEntry | null)?.id === 'string';
}

function hasKey(entries: readonly ModelEntry[], keyName: string, variables: Record<string, string>): boolean {
  return [keyName, 'GOOGLE_CLOUD_PROJECT', ...entries.flatMap(({ envKey }) => envKey ?? [])].some((name) => {
    return variables[name] !== undefined;
  });
}

function payer(method: string, from: { entry?: ModelEntry; keyName: string; baseUrl?: string }): string {
  if (method === oauth) return 'your Qwen login';
  const { entry, keyName, baseUrl } = from;
  const host = baseUrl !== undefined && URL.canParse(baseUrl) ? ` at ${new URL(baseUrl).host}` : '';
  return `the key in ${entry?.envKey ?? keyName}${host}`;
}

async function readSettings(file: string): Promise<OwnSettings> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const value = parseCommentedJson(text);
  return typeof value === 'object' && value !== null ? (value as OwnSettings) : {};
}

/** The CLI reads this file of its user's itself, where its home is the user's. */
async function readVariables(file: string): Promise<Record<string, string>> {
  try {
    return withoutEmpty(parseEnv(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    ({ size }) => size > 2,
    () => false,
  );
}

function texts(values: Record<string, unknown> | undefined): Record<string, string> {
  const found = Object.entries(values ?? {}).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(found) as Record<string, string>;
}

function pick(variables: Variables, names: readonly string[]): Record<string, string> {
  return withoutEmpty(Object.fromEntries(names.map((name) => [name, variables[name]])));
}

function withoutEmpty(variables: Variables): Record<string, string> {
  return texts(variables);
}
