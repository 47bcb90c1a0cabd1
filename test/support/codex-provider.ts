import { Workspace } from '../../src/process/workspace.ts';
import { CodexProvider } from '../../src/providers/codex/codex.ts';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { codexCli } from './codex-cli.ts';
import { PrivateHome } from './private-home.ts';

/** The real Codex in a home of its own. Disposing it fails when anything is left behind. */
export interface CodexUnderTest extends AsyncDisposable {
  provider: CodexProvider;
  simulator: Simulator;
  home: PrivateHome;
}

/**
 * Makes a provider with the simulator for its model API, not looked at yet. `settings` go over the environment; `soil`
 * fills the home before anything else happens there.
 */
export async function createCodex({
  settings = {},
  soil,
}: {
  settings?: Record<string, string | undefined>;
  soil?: (home: PrivateHome) => void;
} = {}): Promise<CodexUnderTest> {
  const home = new PrivateHome();
  soil?.(home);
  const simulator = await startSimulator();
  const workspace = await home.within(() => Workspace.open(home.state));
  const provider = new CodexProvider({
    id: 'codex',
    title: 'Codex',
    prefix: 'codex',
    ownedBy: 'openai',
    command: codexCli,
    environment: {
      ...home.environment,
      CODEX_BASE_URL: `${simulator.url}/v1`,
      CODEX_API_KEY: 'sk-simulated',
      ...settings,
    },
    workspace,
    stateHome: home.state,
    timeoutMs: 60_000,
  });
  return {
    provider,
    simulator,
    home,
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
