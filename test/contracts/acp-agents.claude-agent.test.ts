import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from '../../src/process/workspace.ts';
import { AcpAgentProvider } from '../../src/providers/acp-agents/acp-agent-provider.ts';
import { toEntry } from '../../src/providers/acp-agents/entry.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { Loopback } from '../../src/tool-bridge/loopback.ts';
import { claudeAgent, skipWithoutAgent } from '../support/acp-agents.ts';
import { PrivateHome } from '../support/private-home.ts';
import { parentOf, processesOf } from '../support/processes.ts';
import { isTitleRequest, readAdapterUpstream } from './acp-agents.claude-agent.upstream.ts';
import type { Losses, ProviderFixture, SetupOptions } from './provider/fixture.ts';
import { providerContract } from './provider.ts';

const variables =
  /^(PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|PWD|ANTHROPIC_(API_KEY|BASE_URL)|CLAUDE_CODE_[A-Z_]+|DISABLE_[A-Z_]+|ENABLE_TOOL_SEARCH)$/;

const losses: Losses = {
  argumentPieces: 'The protocol tells the arguments of a call whole.',
  textHistory: 'The protocol has no way to hand over what was said before: it is told as one text.',
  reasoningProof: 'The protocol tells thoughts as plain text.',
  upstreamStops: 'The protocol has no stop sequences: the answer is cut here.',
  ownRequests: 'The adapter has each conversation named by the model.',
  failureWords: 'Claude Code’s words about a failure come as text, where they come long before the failure itself.',
  failureKinds: 'The adapter takes 403 for a login that is gone, waits out a rate limit and has cut answers go on.',
  refusalWords: 'Claude Code’s words about a refusal come as text of the answer.',
  lengthReason: 'At the output limit Claude Code asks the model to go on: the pieces are one answer.',
};

const failureKinds = {
  'something that is not allowed': 'provider-signed-out',
  // It asks the model to go on, and the pieces are one answer.
  'a connection that breaks in the text': 'silence',
  'an error in the text': 'silence',
  'a rate limit': 'silence',
} as const;

providerContract('Claude Code over ACP', setup, { skip: skipWithoutAgent(claudeAgent) });

async function setup({ environment, apiUrl }: SetupOptions): Promise<ProviderFixture> {
  const home = new PrivateHome();
  const agentHome = join(home.directory, 'agent');
  mkdirSync(agentHome);
  const simulator = await startSimulator();
  const workspace = await home.within(() => Workspace.open(home.state));
  const loopback = new Loopback();
  const ours = { ...home.environment, ...environment, ADAPTER_KEY: 'sk-ant-simulated' };
  const entry = toEntry(
    {
      id: 'acp-claude',
      title: 'Claude Code over ACP',
      command: [process.execPath, claudeAgent],
      env: {
        HOME: agentHome,
        ANTHROPIC_API_KEY: '$ADAPTER_KEY',
        ANTHROPIC_BASE_URL: apiUrl ?? simulator.url,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        CLAUDE_CODE_DISABLE_TERMINAL_TITLE: '1',
        CLAUDE_CODE_DISABLE_ATTACHMENTS: '1',
        CLAUDE_CODE_DISABLE_REFUSAL_RETRY: '1',
        CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
        CLAUDE_CODE_MAX_RETRIES: '1',
        ENABLE_TOOL_SEARCH: 'false',
      },
      // Every tool is asked about, and there are none but the caller's.
      options: { mode: 'default' },
      meta: {
        systemPrompt: 'You are an assistant.',
        claudeCode: { options: { tools: [], settingSources: [], promptSuggestions: false } },
      },
      toolServer: 'stdio',
      parallelToolCalls: false,
    },
    ours,
  );
  const provider = new AcpAgentProvider({ entry, environment: ours, workspace, loopback });
  const { state, advice } = await provider.inspect(AbortSignal.timeout(60_000));
  if (state !== 'ready') throw new Error(advice);
  const model = provider.model('acp-claude/sonnet');
  if (model === undefined) throw new Error('the model is not known');
  return {
    provider,
    processModel: 'shared',
    losses,
    simulator,
    model,
    readUpstream: readAdapterUpstream,
    isPreparation: isTitleRequest,
    failureKinds,
    usageOf: ({ input, output, cacheRead, cacheWrite }) => ({
      inputTokens: input + cacheRead + cacheWrite,
      outputTokens: output,
      cacheReadTokens: cacheRead,
      cacheWriteTokens: cacheWrite,
    }),
    // Each session has a process of the adapter's own below it, and one for its tools.
    processes: () => {
      const own = processesOf(home.directory).filter(({ arguments: words }) => words.includes(claudeAgent));
      // Until it has become another program, a child that is just being started looks like its parent.
      return own.filter(({ pid }) => !own.some((other) => other.pid === parentOf(pid)));
    },
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
