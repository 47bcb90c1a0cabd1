import OpenAI from 'openai';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { claudeCli } from './claude-cli.ts';
import { codexCli } from './codex-cli.ts';
import { eventually } from './eventually.ts';
import { geminiCli } from './gemini-cli.ts';
import { ObservedSessions } from './observed-sessions.ts';
import { PrivateHome } from './private-home.ts';
import { qwenCli } from './qwen-cli.ts';

/** The model that tests ask when it does not matter which. */
export const usualModel = 'claude-sonnet-5';

interface Options {
  /** On top of a private home, the real CLI, the simulator and a made-up key; an empty value takes one away. */
  environment?: Record<string, string> | ((home: PrivateHome) => Record<string, string>);
  /** Which CLIs are there: Claude Code alone when left out. */
  clis?: 'all';
  /** Furnishes the home before the server starts. */
  prepare?: (home: PrivateHome) => void;
}

/** The real server with the real CLI against a scripted model API, and clients for it. */
export class SimulatedServer implements AsyncDisposable {
  readonly home: PrivateHome;
  readonly simulator: Simulator;
  readonly log: Record<string, unknown>[] = [];
  #environment: Record<string, string>;
  #running: { server: RunningServer; sessions: ObservedSessions } | undefined;

  private constructor(home: PrivateHome, simulator: Simulator, environment: Record<string, string>) {
    this.home = home;
    this.simulator = simulator;
    this.#environment = environment;
  }

  static async start({ environment = {}, clis, prepare }: Options = {}): Promise<SimulatedServer> {
    const home = new PrivateHome();
    prepare?.(home);
    const simulator = await startSimulator();
    const started = new SimulatedServer(home, simulator, {
      ...home.environment,
      PORT: '0',
      CLAUDE_CLI_PATH: claudeCli,
      ANTHROPIC_BASE_URL: simulator.url,
      ANTHROPIC_API_KEY: 'sk-ant-simulated',
      ...(clis === 'all' && othersEnvironment(simulator.url)),
      ...(typeof environment === 'function' ? environment(home) : environment),
    });
    await started.#start();
    return started;
  }

  get url(): string {
    return this.#current.server.url;
  }

  get sessions(): ObservedSessions {
    return this.#current.sessions;
  }

  /** An OpenAI client of this server; it does not try again by itself. */
  client(apiKey = 'unused'): OpenAI {
    return new OpenAI({ baseURL: `${this.url}/v1`, apiKey, maxRetries: 0, timeout: 60_000 });
  }

  post(body: unknown, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
    });
  }

  /** Waits until a session is ready that no request has used: with web tools for requests that bring no tools. */
  async standby({ web = true }: { web?: boolean } = {}): Promise<void> {
    await eventually(`a ready session ${web ? 'with' : 'without'} web tools`, () => {
      return this.sessions.standbys(web).length > 0;
    });
  }

  /** Ends the server as its owner would, and starts another one on the same home. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    await this.simulator[Symbol.asyncDispose]();
    await this.home[Symbol.asyncDispose]();
  }

  get #current() {
    if (this.#running === undefined) throw new Error('the server does not run');
    return this.#running;
  }

  async #start(): Promise<void> {
    const config = readConfig({ environment: this.#environment, directory: this.home.directory });
    const log = pino({ level: 'debug' }, { write: (line: string) => this.log.push(JSON.parse(line)) });
    const server = await this.home.within(() => startServer({ config, log, version: '0.0.0' }));
    const [provider] = server.providers;
    if (provider === undefined) throw new Error('the server has no provider');
    this.#running = { server, sessions: new ObservedSessions(provider) };
    await server.inspected;
  }

  async #stop(): Promise<void> {
    await this.#running?.server[Symbol.asyncDispose]();
    this.#running = undefined;
  }
}

/** Variables for the CLIs beside Claude Code, each sent to the simulator. */
export function othersEnvironment(simulatorUrl: string): Record<string, string> {
  return {
    CODEX_CLI_PATH: codexCli,
    CODEX_BASE_URL: `${simulatorUrl}/v1`,
    CODEX_API_KEY: 'sk-simulated',
    GEMINI_CLI_PATH: geminiCli,
    GOOGLE_GEMINI_BASE_URL: simulatorUrl,
    GEMINI_API_KEY: 'simulated',
    QWEN_CLI_PATH: qwenCli,
    OPENAI_BASE_URL: `${simulatorUrl}/v1`,
    OPENAI_API_KEY: 'sk-simulated',
    OPENAI_MODEL: 'qwen3-coder-plus',
  };
}
