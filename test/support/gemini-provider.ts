import { Workspace } from '../../src/process/workspace.ts';
import { GeminiProvider } from '../../src/providers/gemini/gemini.ts';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { Loopback } from '../../src/tool-bridge/loopback.ts';
import { geminiCli } from './gemini-cli.ts';
import { PrivateHome } from './private-home.ts';

export interface GeminiStage extends AsyncDisposable {
  provider: GeminiProvider;
  simulator: Simulator;
  home: PrivateHome;
}

export interface GeminiStageOptions {
  environment?: Record<string, string>;
  /** Of model names. */
  prefix?: string;
  command?: string;
  /** Puts something into the home before the CLI is looked at. */
  soil?: (home: PrivateHome) => void;
}

/** The real Gemini CLI with a key, a home and a model API of its own. Disposing of it fails when anything is left. */
export async function createGemini(options: GeminiStageOptions = {}): Promise<GeminiStage> {
  const { environment, prefix = 'gemini', command = geminiCli, soil } = options;
  const home = new PrivateHome();
  soil?.(home);
  const simulator = await startSimulator();
  const workspace = await home.within(() => Workspace.open(home.state));
  const loopback = new Loopback();
  const provider = new GeminiProvider({
    id: prefix,
    title: 'Gemini CLI',
    prefix,
    ownedBy: 'google',
    command,
    environment: {
      ...home.environment,
      GEMINI_API_KEY: 'simulated',
      GOOGLE_GEMINI_BASE_URL: simulator.url,
      ...environment,
    },
    workspace,
    loopback,
    stateHome: home.state,
    timeoutMs: 60_000,
  });
  return {
    provider,
    simulator,
    home,
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]();
      await loopback[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
