import { readdirSync } from 'node:fs';
import { Workspace } from '../../src/process/workspace.ts';
import { QwenProvider } from '../../src/providers/qwen/qwen.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { Loopback } from '../../src/tool-bridge/loopback.ts';
import { PrivateHome } from '../support/private-home.ts';
import { processesOf } from '../support/processes.ts';
import { qwenCli, skipWithoutQwen } from '../support/qwen-cli.ts';
import type { Losses, ProviderFixture, SetupOptions } from './provider/fixture.ts';
import { providerContract } from './provider.ts';
import { soilQwenHome } from './qwen.dirt.ts';
import { readChatUpstream } from './qwen.upstream.ts';

const variables =
  /^(PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|QWEN_HOME|QWEN_RUNTIME_DIR|QWEN_SYSTEM_MD|QWEN_CODE_NO_RELAUNCH|QWEN_CODE_LEGACY_MCP_BLOCKING|QWEN_CODE_MAX_OUTPUT_TOKENS|QWEN_CODE_API_TIMEOUT_MS|QWEN_STREAM_IDLE_TIMEOUT_MS|OPENAI_(API_KEY|BASE_URL|MODEL)|OWN_KEY)$/;

const losses: Losses = {
  argumentPieces: 'The CLI names a call while its arguments come, and tells them when they are complete.',
  schemaKeywords: 'The CLI drops additionalProperties: false and uniqueItems from tool schemas.',
  toolErrors: 'A tool message of chat completions has no field for failure.',
  laterSystem: 'A session file holds no system messages.',
  reasoningProof: 'Chat completions tells reasoning as plain text.',
  stopSequence: 'The finish_reason of chat completions is stop, whatever stopped the answer.',
  answersApart: 'The CLI makes one assistant message of those that follow each other.',
  retryAfter: 'The CLI keeps the retry-after header of a 429 to itself.',
};

providerContract('Qwen Code', setup, { skip: skipWithoutQwen });

async function setup({ dirtyHome, environment, apiUrl }: SetupOptions): Promise<ProviderFixture> {
  const home = new PrivateHome();
  const simulator = await startSimulator();
  const baseUrl = `${apiUrl ?? simulator.url}/v1`;
  const login = {
    security: { auth: { selectedType: 'openai' } },
    modelProviders: { openai: [{ id: 'qwen3-coder-plus', name: 'Own', baseUrl, envKey: 'OWN_KEY' }] },
    model: { name: 'qwen3-coder-plus' },
  };
  const traces = dirtyHome ? soilQwenHome(home, login) : undefined;
  const workspace = await home.within(() => Workspace.open(home.state));
  const loopback = new Loopback();
  const provider = new QwenProvider({
    id: 'qwen',
    title: 'Qwen Code',
    prefix: 'qwen',
    ownedBy: 'alibaba',
    command: qwenCli,
    environment: {
      ...home.environment,
      ...environment,
      ...(dirtyHome
        ? { OWN_KEY: 'sk-simulated', OPENAI_API_KEY: '' }
        : { OPENAI_API_KEY: 'sk-simulated', OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: 'qwen3-coder-plus' }),
    },
    workspace,
    loopback,
    timeoutMs: 60_000,
  });
  const { state, advice } = await provider.inspect(AbortSignal.timeout(60_000));
  if (state !== 'ready') throw new Error(advice);
  const model = provider.model('qwen3-coder-plus');
  if (model === undefined) throw new Error('the model is not known');
  return {
    provider,
    processModel: 'shared',
    losses,
    simulator,
    model,
    sampledModel: model,
    readUpstream: readChatUpstream,
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
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]();
      await loopback[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
