import { readdirSync } from 'node:fs';
import { Workspace } from '../../src/process/workspace.ts';
import { ClaudeProvider } from '../../src/providers/claude/claude.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { claudeCli, skipWithoutClaude } from '../support/claude-cli.ts';
import { PrivateHome } from '../support/private-home.ts';
import { processesOf } from '../support/processes.ts';
import { soilClaudeHome } from './claude.dirt.ts';
import { readAnthropicUpstream } from './claude.upstream.ts';
import type { ProviderFixture, SetupOptions } from './provider/fixture.ts';
import { providerContract } from './provider.ts';

const variables =
  /^(PATH|HOME|TMPDIR|PWD|LANG|LC_ALL|TZ|CLAUDE_CONFIG_DIR|CLAUDE_CODE_TMPDIR|ANTHROPIC_(API_KEY|BASE_URL)|API_TIMEOUT_MS|ENABLE_TOOL_SEARCH|CLAUDE_AGENT_SDK_MCP_NO_PREFIX|CLAUDE_CODE_DISABLE_[A-Z_]+|CLAUDE_CODE_MAX_RETRIES|DISABLE_[A-Z_]+|BUN_GC_TIMER_DISABLE|BUN_JSC_useFTLJIT)$/;

providerContract('Claude Code', setup, { skip: skipWithoutClaude });

async function setup({ dirtyHome, subscription, environment, apiUrl }: SetupOptions): Promise<ProviderFixture> {
  const home = new PrivateHome();
  const traces = dirtyHome ? soilClaudeHome(home) : undefined;
  const simulator = await startSimulator();
  const workspace = await home.within(() => Workspace.open(home.state));
  const provider = new ClaudeProvider({
    id: 'claude',
    title: 'Claude Code',
    prefix: 'claude',
    ownedBy: 'anthropic',
    command: claudeCli,
    environment: {
      ...home.environment,
      // With a login the CLI also has things to ask of its maker: no such request may leave this machine.
      ...(subscription
        ? {
            CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-simulated',
            HTTPS_PROXY: 'http://127.0.0.1:9',
            NO_PROXY: '127.0.0.1',
          }
        : { ANTHROPIC_API_KEY: 'sk-ant-simulated' }),
      ANTHROPIC_BASE_URL: apiUrl ?? simulator.url,
      ...environment,
    },
    workspace,
    timeoutMs: 60_000,
  });
  const { state, advice } = await provider.inspect(AbortSignal.timeout(60_000));
  if (state !== 'ready') throw new Error(advice);
  const model = provider.model('claude-sonnet-5');
  if (model === undefined) throw new Error('the model is not known');
  return {
    provider,
    processModel: 'per-session',
    losses: {
      laterSystem: 'A system message among the others is refused by Anthropic’s API, so it is told as user text.',
    },
    simulator,
    model,
    sampledModel: provider.model('claude-sonnet-4-5'),
    readUpstream: readAnthropicUpstream,
    usageOf: ({ input, output, cacheRead, cacheWrite }) => ({
      inputTokens: input + cacheRead + cacheWrite,
      outputTokens: output,
      cacheReadTokens: cacheRead,
      cacheWriteTokens: cacheWrite,
      reasoningTokens: 0,
    }),
    fetchCall: (url) => ({ type: 'call', name: 'WebFetch', arguments: { url, prompt: 'What is there?' } }),
    exhausted: (resetsAt) => ({
      headers: {
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-representative-claim': 'five_hour',
        'anthropic-ratelimit-unified-reset': String(resetsAt.getTime() / 1_000),
        'anthropic-ratelimit-unified-5h-status': 'rejected',
        'anthropic-ratelimit-unified-5h-utilization': '1.0',
        'anthropic-ratelimit-unified-5h-reset': String(resetsAt.getTime() / 1_000),
        'retry-after': '3600',
      },
    }),
    processes: () => processesOf(home.directory),
    sessionFiles: () => home.sessionFiles(),
    isAllowedVariable: (name) => variables.test(name),
    traces: () => (traces === undefined ? [] : readdirSync(traces)),
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
