import { z } from 'zod';
import { secretText, webAddressText } from '../../settings/readers.ts';

/** The environment variables of Codex. */
export const codexSettings = {
  CODEX_CLI_PATH: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .prefault('codex')
    .describe('The Codex program: a name on PATH or a path.'),
  CODEX_API_KEY: secretText
    .optional()
    .describe('API key for Codex, instead of the login that `clis-wrapper login codex` makes.'),
  CODEX_BASE_URL: webAddressText
    .optional()
    .describe(
      'Where Codex finds its model API, up to and with /v1, when not at OpenAI. It gets CODEX_API_KEY and never the login.',
    ),
  CODEX_CATALOG: z
    .enum(['auto', 'patched', 'full', 'official'], 'must be auto, patched, full or official')
    .prefault('auto')
    .describe(
      "How Codex is told of its models. patched: your tools as plain functions, nothing added. full: the same in the model API's full form, with web search for every model. official: as shipped. auto: patched with a login, full with a key or an address of your own.",
    ),
  CODEX_WEBSOCKET: z
    .enum(['auto', 'on', 'off'], 'must be auto, on or off')
    .prefault('auto')
    .describe('Whether Codex reaches the model API over WebSockets, the faster way. auto: with a login only.'),
};

type CodexVariables = Record<string, string | undefined>;

/** Where Codex sends its requests, and in which form. */
export interface Endpoint {
  /** The official routing when absent. */
  baseUrl?: string;
  /** Absent: the login in its home, or nothing at an address of one's own. */
  apiKey?: string;
  catalog: 'patched' | 'full' | 'official';
  websocket: boolean;
}

const openai = 'https://api.openai.com/v1';

/** Reads the endpoint off the variables; values that `codexSettings` would refuse count as unset. */
export function readEndpoint({
  CODEX_BASE_URL,
  CODEX_API_KEY,
  CODEX_CATALOG,
  CODEX_WEBSOCKET,
}: CodexVariables): Endpoint {
  const baseUrl = CODEX_BASE_URL || (CODEX_API_KEY ? openai : undefined);
  const form = codexSettings.CODEX_CATALOG.catch('auto').parse(CODEX_CATALOG);
  const transport = codexSettings.CODEX_WEBSOCKET.catch('auto').parse(CODEX_WEBSOCKET);
  return {
    ...(baseUrl && { baseUrl }),
    ...(CODEX_API_KEY && { apiKey: CODEX_API_KEY }),
    catalog: form === 'auto' ? (baseUrl ? 'full' : 'patched') : form,
    websocket: transport === 'auto' ? baseUrl === undefined : transport === 'on',
  };
}

/** True where the login in Codex's own home pays. */
export function usesLogin(endpoint: Endpoint): boolean {
  return endpoint.baseUrl === undefined;
}
