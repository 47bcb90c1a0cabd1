import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Login } from '../provider.ts';

/** How Gemini CLI is to sign in. */
export interface GeminiLogin extends Login {
  method: 'gemini-api-key' | 'vertex-ai' | 'oauth-personal';
  /** What it needs to know for that. */
  variables: Record<string, string>;
  /** Files of the user's own that hold the login: linked, never read. */
  files: string[];
}

const keyVariables = ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL'];
const vertexVariables = [
  'GOOGLE_GENAI_USE_VERTEXAI',
  'GOOGLE_API_KEY',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_CLOUD_LOCATION',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_VERTEX_BASE_URL',
  'CLOUDSDK_CONFIG',
];
const oauthVariables = ['GOOGLE_CLOUD_PROJECT'];

/**
 * Which login there is, without the network: a key before a Google account, because the CLI's terms let other software
 * use a key and not the account's login. `home` is the user's own home directory.
 */
export async function findLogin(
  environment: Record<string, string | undefined>,
  home: string,
): Promise<GeminiLogin | undefined> {
  const folder = join(environment.GEMINI_CLI_HOME || home, '.gemini');
  const known = { ...(await readVariables(join(folder, '.env'))), ...withoutEmpty(environment) };
  if (isOn(known.GOOGLE_GENAI_USE_VERTEXAI)) {
    const variables = pick(known, vertexVariables);
    // Where Google's own tools keep the machine's login.
    variables.CLOUDSDK_CONFIG ??= join(home, '.config', 'gcloud');
    const payer = known.GOOGLE_API_KEY ? 'the Vertex AI key in GOOGLE_API_KEY' : 'your Google Cloud project';
    return { method: 'vertex-ai', payer, variables, files: [] };
  }
  if (known.GEMINI_API_KEY) {
    const variables = pick(known, keyVariables);
    return { method: 'gemini-api-key', payer: 'the key in GEMINI_API_KEY', variables, files: [] };
  }
  if (!(await holdsLogin(join(folder, 'oauth_creds.json')))) return undefined;
  return {
    method: 'oauth-personal',
    payer: "your Google login, which Gemini CLI's terms do not open to other software: set GEMINI_API_KEY",
    variables: pick(known, oauthVariables),
    files: ['oauth_creds.json', 'google_accounts.json'].map((name) => join(folder, name)),
  };
}

/** Whether a switch of the CLI is on: `1` and `true` both mean yes. */
function isOn(value: string | undefined): boolean {
  return value === '1' || value?.toLowerCase() === 'true';
}

/** Only whether there is one: what is in it is between the CLI and its maker. */
async function holdsLogin(file: string): Promise<boolean> {
  try {
    return (await stat(file)).size > 2;
  } catch {
    return false;
  }
}

/** The CLI reads this file of its user's itself, where its home is the user's. */
async function readVariables(file: string): Promise<Record<string, string | undefined>> {
  try {
    return withoutEmpty(parseEnv(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

function pick(variables: Record<string, string | undefined>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])),
  ) as Record<string, string>;
}

function withoutEmpty(variables: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
}
