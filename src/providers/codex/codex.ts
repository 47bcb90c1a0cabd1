import { GatewayError } from '../../core/error.ts';
import { findExecutable } from '../../process/executable.ts';
import type { RunOptions } from '../../process/run-program.ts';
import type { Workspace } from '../../process/workspace.ts';
import type { Lane, ModelRecord, Provider, ProviderStatus, Quota, Session } from '../provider.ts';
import { AppServer } from './app-server.ts';
import { type Catalog, patchCatalog, readCatalog } from './catalog.ts';
import { lockArguments, serverArguments } from './config.ts';
import { codexEnvironment } from './environment.ts';
import { refusesSummary, toGatewayError } from './failure.ts';
import { CodexHome, codexHomeFolder } from './home.ts';
import { inspectCodex, installAdvice, minimumVersion, missingAdvice, testedVersion } from './inspect.ts';
import { CodexModels } from './models.ts';
import { nativeProgram } from './native-program.ts';
import { CodexQuota } from './quota.ts';
import { ReadyThreads } from './ready-threads.ts';
import { ServerKeeper } from './server-keeper.ts';
import { CodexSession } from './session.ts';
import { type Endpoint, readEndpoint, usesLogin } from './settings.ts';
import { Thread } from './thread.ts';
import type { TurnError } from './wire.ts';

const probeTimeoutMs = 20_000;

export interface CodexOptions {
  id: string;
  title: string;
  /** The name of its default model: `codex`. */
  prefix: string;
  ownedBy: string;
  /** Name or path of the CLI. */
  command: string;
  /** What the children's environment and the endpoint are read from. */
  environment: Record<string, string | undefined>;
  workspace: Workspace;
  /** Holds the home of the login, one for each account. */
  stateHome: string;
  /** The longest silence of the model API, in milliseconds. */
  timeoutMs: number;
  /** No session is kept ready before the first request. */
  onDemand?: boolean;
}

/** The user's own `codex`, unmodified: one app-server for the account, with a thread for each conversation. */
export class CodexProvider implements Provider {
  readonly id: string;
  readonly title: string;
  readonly accounts = ['default'] as const;
  readonly versions = { minimum: minimumVersion, tested: testedVersion };
  readonly onDemand: boolean;
  readonly #options: CodexOptions;
  readonly #endpoint: Endpoint;
  readonly #home: CodexHome;
  readonly #environment: Record<string, string>;
  readonly #models: CodexModels;
  readonly #quota = new CodexQuota();
  readonly #keeper: ServerKeeper;
  #status: Omit<ProviderStatus, 'models'> = { state: 'missing', advice: installAdvice };
  #catalog: Catalog | undefined;
  #summary: 'auto' | 'none' = 'auto';
  readonly #threads = {
    plain: new ReadyThreads({ config: { web_search: 'disabled' } }),
    web: new ReadyThreads({ config: { web_search: 'live' } }),
  };

  constructor(options: CodexOptions) {
    this.id = options.id;
    this.title = options.title;
    this.onDemand = options.onDemand ?? false;
    this.#options = options;
    this.#endpoint = readEndpoint(options.environment);
    const folder = usesLogin(this.#endpoint) ? this.accounts[0] : 'key';
    this.#home = new CodexHome(codexHomeFolder(options.stateHome, folder));
    this.#environment = codexEnvironment(options.environment, this.#home.folder, this.#endpoint.apiKey);
    this.#models = new CodexModels({ prefix: options.prefix, ownedBy: options.ownedBy });
    this.#keeper = new ServerKeeper(() => this.#startServer());
  }

  async inspect(signal: AbortSignal): Promise<ProviderStatus> {
    const command = await findExecutable(this.#options.command, this.#environment.PATH ?? '');
    if (command === undefined) {
      this.#status = { state: 'missing', advice: missingAdvice(this.#options.command) };
      return { ...this.#status, models: [] };
    }
    const executable = await nativeProgram(command);
    try {
      await this.#home.prepare();
    } catch (error) {
      const advice = error instanceof GatewayError ? error.message : 'The folder of the Codex login cannot be written.';
      this.#status = { state: 'failed', executable, advice };
      return { ...this.#status, models: [] };
    }
    const run = { environment: this.#environment, signal, timeoutMs: probeTimeoutMs };
    this.#status = await inspectCodex(executable, this.#endpoint, run);
    if (this.#status.state === 'ready') await this.#listModels(executable, run);
    return { ...this.#status, models: this.#status.state === 'ready' ? this.#models.listed : [] };
  }

  model(name: string): ModelRecord | undefined {
    return this.#models.find(name);
  }

  async open({ web }: Lane): Promise<Session> {
    const { executable } = this.#status;
    if (executable === undefined) throw new GatewayError('provider-missing', installAdvice);
    try {
      const server = await this.#keeper.current();
      const threads = this.#threads[web ? 'web' : 'plain'];
      return new CodexSession({
        ready: await threads.open(server),
        web,
        openThread: (settings) => Thread.start(server, settings),
        exchange: (unfit, settings) => threads.exchange(server, unfit, settings),
        onBegin: (settings) => threads.learn(settings),
        nativeModel: (name) => this.#models.native(name),
        answerAs: (native) => this.#models.own(native),
        defaultEffort: (native) => this.#models.defaultEffort(native),
        scripted: this.#endpoint.catalog === 'official',
        summary: () => this.#summary,
        toError: (error) => this.#toError(error),
      });
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw new GatewayError('provider-failed', 'Codex could not be started.', { cause: error });
    }
  }

  quota(): Quota[] {
    return this.#quota.windows;
  }

  /** Ends the server and with it every session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keeper[Symbol.asyncDispose]();
  }

  async #listModels(executable: string, run: RunOptions): Promise<void> {
    try {
      this.#catalog = await readCatalog(executable, usesLogin(this.#endpoint), run);
    } catch (error) {
      if (run.signal.aborted) throw error;
      this.#status = {
        ...this.#status,
        state: 'failed',
        advice: 'Codex does not list its models: try `codex debug models` in a terminal.',
      };
      return;
    }
    this.#models.update(this.#catalog, { full: this.#endpoint.catalog === 'full' });
  }

  async #startServer(): Promise<AppServer> {
    await this.#home.prepare();
    const { workspace, timeoutMs } = this.#options;
    const start = (strict: boolean) =>
      AppServer.start({
        executable: this.#status.executable ?? '',
        settings: (files) => [...lockArguments, ...serverArguments(this.#endpoint, files, timeoutMs)],
        catalog: this.#catalog && patchCatalog(this.#catalog, this.#endpoint.catalog),
        environment: this.#environment,
        workspace,
        strict,
        onRateLimits: (limits) => this.#quota.update(limits),
      });
    return start(true).catch((error) => {
      // A newer version has dropped a setting: what it stood for is gone too, or can still not act without a place to.
      if (/unknown configuration field/i.test(String(error))) return start(false);
      throw error;
    });
  }

  #toError(error: TurnError): GatewayError {
    if (this.#summary === 'auto' && refusesSummary(error)) {
      this.#summary = 'none';
      return new GatewayError('provider-failed', 'The model API gives this account no summaries of the reasoning.', {
        cause: error.message,
      });
    }
    return toGatewayError(error, { resetsAt: this.#quota.resetsAt, now: Date.now() });
  }
}
