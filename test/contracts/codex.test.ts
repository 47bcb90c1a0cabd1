import { readdirSync } from 'node:fs';
import { skipWithoutCodex } from '../support/codex-cli.ts';
import { createCodex } from '../support/codex-provider.ts';
import { processesOf } from '../support/processes.ts';
import { soilCodexHome } from './codex.dirt.ts';
import { readResponsesUpstream } from './codex.upstream.ts';
import type { Losses, ProviderFixture, SetupOptions } from './provider/fixture.ts';
import { providerContract } from './provider.ts';

const variables = /^(PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|CODEX_HOME|CODEX_API_KEY)$/;

const losses: Losses = {
  argumentPieces: 'The app-server tells a call when its arguments are complete; no notification has their pieces.',
  schemaKeywords: 'Codex rewrites tool schemas: pattern, minimum and their kin never arrive at the model API.',
  toolErrors: 'A function_call_output of the Responses API has no field for failure.',
  toolChoice: 'Codex sends tool_choice "auto" whatever it is told; no request field or setting changes it.',
  cutUsage: 'On response.incomplete the app-server sends no rawResponse/completed, and no token count with it.',
  retryAfter: 'Codex keeps the retry-after header of a 429 to itself.',
};
const socketLosses: Losses = {
  rateLimitWait: 'Over a WebSocket Codex waits as long as a 429 says, without a notification, and asks once more.',
  secondTry: 'Over a WebSocket Codex turns to HTTPS when a response fails, with request and stream retries at 0 too.',
};

providerContract('Codex', (options) => setup(options, { name: 'gpt-5.5', losses }), { skip: skipWithoutCodex });

providerContract(
  'Codex over WebSockets',
  (options) =>
    setup(options, {
      name: 'codex',
      losses: { ...losses, ...socketLosses },
      settings: { CODEX_CATALOG: 'patched', CODEX_WEBSOCKET: 'on' },
    }),
  { skip: skipWithoutCodex },
);

interface Variant {
  /** Of the model. */
  name: string;
  losses: Losses;
  settings?: Record<string, string>;
}

async function setup(
  { dirtyHome, environment, apiUrl }: SetupOptions,
  { name, losses, settings }: Variant,
): Promise<ProviderFixture> {
  let traces: string | undefined;
  const codex = await createCodex({
    settings: { ...(apiUrl && { CODEX_BASE_URL: `${apiUrl}/v1` }), ...settings, ...environment },
    soil: (home) => {
      if (dirtyHome) traces = soilCodexHome(home);
    },
  });
  const { provider, simulator, home } = codex;
  const { state, advice } = await provider.inspect(AbortSignal.timeout(60_000));
  if (state !== 'ready') throw new Error(advice);
  const model = provider.model(name);
  if (model === undefined) throw new Error('the model is not known');
  return {
    provider,
    processModel: 'shared',
    losses,
    simulator,
    model,
    readUpstream: readResponsesUpstream,
    isPreparation: ({ body }) => (body as { generate?: boolean } | undefined)?.generate === false,
    usageOf: ({ input, output, cacheRead, cacheWrite }) => ({
      inputTokens: input + cacheRead + cacheWrite,
      outputTokens: output,
      cacheReadTokens: cacheRead,
      cacheWriteTokens: cacheWrite,
      reasoningTokens: 0,
    }),
    exhausted: (resetsAt) => ({
      errorType: 'usage_limit_reached',
      headers: {
        'x-codex-primary-used-percent': '100',
        'x-codex-primary-window-minutes': '300',
        'x-codex-primary-reset-at': String(resetsAt.getTime() / 1_000),
      },
    }),
    searchesUpstream: true,
    processes: () => processesOf(home.directory),
    sessionFiles: () => home.sessionFiles(),
    isAllowedVariable: (variable) => variables.test(variable),
    traces: () => (traces === undefined ? [] : readdirSync(traces)),
    [Symbol.asyncDispose]: () => codex[Symbol.asyncDispose](),
  };
}
