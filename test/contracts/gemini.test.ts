import { readdirSync } from 'node:fs';
import { skipWithoutGemini } from '../support/gemini-cli.ts';
import { createGemini } from '../support/gemini-provider.ts';
import { processesOf } from '../support/processes.ts';
import { soilGeminiHome } from './gemini.dirt.ts';
import { readGeminiUpstream } from './gemini.upstream.ts';
import type { Losses, ProviderFixture, SetupOptions } from './provider/fixture.ts';
import { providerContract } from './provider.ts';

const variables =
  /^(PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|GEMINI_API_KEY|GOOGLE_GEMINI_BASE_URL|GEMINI_CLI_(HOME|NO_RELAUNCH|TRUST_WORKSPACE)|GEMINI_SYSTEM_MD|GEMINI_EXP|NO_BROWSER|NO_PROXY)$/;

const losses: Losses = {
  argumentPieces: 'Gemini’s API gives the arguments of a call whole.',
  laterSystem: 'Gemini’s API takes system text ahead of the conversation only, so it is told as user text.',
  reasoningProof: 'The signature of thoughts comes with a later part of the answer, and the CLI keeps it to itself.',
  upstreamStops: 'No setting or hook of the CLI passes stop sequences on for one request: the answer is cut here.',
};

providerContract('Gemini CLI', setup, { skip: skipWithoutGemini });

async function setup({ dirtyHome, environment, apiUrl }: SetupOptions): Promise<ProviderFixture> {
  let traces: string | undefined;
  const gemini = await createGemini({
    // The key is the one variable of those that the operator keeps which is meant for this CLI.
    environment: { ...environment, GEMINI_API_KEY: 'simulated', ...(apiUrl && { GOOGLE_GEMINI_BASE_URL: apiUrl }) },
    soil: (home) => {
      if (dirtyHome) traces = soilGeminiHome(home);
    },
  });
  const { provider, simulator, home } = gemini;
  const { state, advice } = await provider.inspect(AbortSignal.timeout(60_000));
  if (state !== 'ready') throw new Error(advice);
  const model = provider.model('gemini-3.8-flash');
  if (model === undefined) throw new Error('the model is not known');
  return {
    provider,
    processModel: 'shared',
    losses,
    simulator,
    model,
    sampledModel: model,
    readUpstream: readGeminiUpstream,
    usageOf: ({ input, output, cacheRead, cacheWrite }) => ({
      inputTokens: input + cacheRead + cacheWrite,
      outputTokens: output,
      cacheReadTokens: cacheRead,
      reasoningTokens: 0,
    }),
    processes: () => processesOf(home.directory),
    sessionFiles: () => home.sessionFiles(),
    isAllowedVariable: (name) => variables.test(name),
    traces: () => (traces === undefined ? [] : readdirSync(traces)),
    [Symbol.asyncDispose]: () => gemini[Symbol.asyncDispose](),
  };
}
