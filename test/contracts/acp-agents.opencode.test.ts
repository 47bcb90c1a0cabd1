import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from '../../src/process/workspace.ts';
import { AcpAgentProvider } from '../../src/providers/acp-agents/acp-agent-provider.ts';
import { toEntry } from '../../src/providers/acp-agents/entry.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { Loopback } from '../../src/tool-bridge/loopback.ts';
import { opencodeAgent, skipWithoutAgent } from '../support/acp-agents.ts';
import { PrivateHome } from '../support/private-home.ts';
import { processesOf } from '../support/processes.ts';
import { readOpencodeUpstream } from './acp-agents.opencode.upstream.ts';
import type { Losses, ProviderFixture, SetupOptions } from './provider/fixture.ts';
import { providerContract } from './provider.ts';

const variables = /^(PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|PWD|OPENCODE_[A-Z_]+|npm_config_registry|HTTPS_PROXY|NO_PROXY)$/;

const losses: Losses = {
  argumentPieces: 'The protocol tells the arguments of a call whole.',
  schemaKeywords: 'opencode closes the schema of every tool: additionalProperties: false.',
  textHistory: 'The protocol has no way to hand over what was said before: it is told as one text.',
  reasoningProof: 'The protocol tells thoughts as plain text.',
  upstreamStops: 'The protocol has no stop sequences: the answer is cut here.',
  lengthReason: 'opencode ends an answer at the output limit like any other.',
  failureKinds: 'opencode hands on the words of a failure without its status, and repeats what may pass without end.',
};

const failureKinds = {
  'something that is not allowed': 'invalid-request',
  'a request that is too large': 'context-length-exceeded',
  'a failing API': 'silence',
  'an overloaded API': 'silence',
  'a connection that breaks before any text': 'silence',
  'a connection that breaks in the text': 'silence',
  'an error in the text': 'silence',
  'a rate limit': 'silence',
  'an API that cannot be reached': 'silence',
} as const;

providerContract('opencode over ACP', setup, { skip: skipWithoutAgent(opencodeAgent) });

/** An agent without tools, titles and reminders of its own, as docs/acp-agents.md advises. */
function configuration(apiUrl: string): object {
  return {
    provider: {
      sim: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Simulated',
        options: { baseURL: `${apiUrl}/v1`, apiKey: 'simulated' },
        models: {
          'gpt-5': { reasoning: true, attachment: true, modalities: { input: ['text', 'image'], output: ['text'] } },
        },
      },
    },
    enabled_providers: ['sim'],
    model: 'sim/gpt-5',
    small_model: 'sim/gpt-5',
    default_agent: 'chat',
    agent: {
      title: { disable: true },
      chat: { mode: 'primary', prompt: 'You are an assistant.', permission: { '*': 'deny', 'client_*': 'allow' } },
    },
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
    lsp: false,
    formatter: false,
    compaction: { auto: false },
  };
}

async function setup({ environment, apiUrl }: SetupOptions): Promise<ProviderFixture> {
  const home = new PrivateHome();
  const agentHome = join(home.directory, 'agent');
  mkdirSync(agentHome);
  const simulator = await startSimulator();
  const workspace = await home.within(() => Workspace.open(home.state));
  const loopback = new Loopback();
  const ours = { ...home.environment, ...environment };
  const entry = toEntry(
    {
      id: 'opencode',
      title: 'opencode',
      command: [opencodeAgent, 'acp'],
      env: {
        HOME: agentHome,
        OPENCODE_CONFIG_CONTENT: JSON.stringify(configuration(apiUrl ?? simulator.url)),
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
        OPENCODE_DISABLE_PROJECT_CONFIG: '1',
        OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
        OPENCODE_DISABLE_CLAUDE_CODE: '1',
        // It fetches a package of its own in the background, and no switch keeps it from that.
        npm_config_registry: 'http://127.0.0.1:9',
        HTTPS_PROXY: 'http://127.0.0.1:9',
        NO_PROXY: '127.0.0.1',
      },
    },
    ours,
  );
  const provider = new AcpAgentProvider({ entry, environment: ours, workspace, loopback });
  const { state, advice } = await provider.inspect(AbortSignal.timeout(60_000));
  if (state !== 'ready') throw new Error(advice);
  const model = provider.model('opencode/sim/gpt-5');
  if (model === undefined) throw new Error('the model is not known');
  return {
    provider,
    processModel: 'shared',
    losses,
    simulator,
    model,
    readUpstream: readOpencodeUpstream,
    usageOf: ({ input, output, cacheRead, cacheWrite }) => ({
      inputTokens: input + cacheRead + cacheWrite,
      outputTokens: output,
      cacheReadTokens: cacheRead,
    }),
    failureKinds,
    processes: () => processesOf(home.directory),
    sessionFiles: () => home.sessionFiles(),
    isAllowedVariable: (name) => variables.test(name),
    traces: () => [],
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]();
      await loopback[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
