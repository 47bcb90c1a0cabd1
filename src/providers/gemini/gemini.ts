import { homedir } from 'node:os';
import { GatewayError } from '../../core/error.ts';
import { childEnvironment } from '../../process/environment.ts';
import { executableIdentity, findExecutable } from '../../process/executable.ts';
import { AcpSession } from '../acp/acp-session.ts';
import type { CliProviderOptions } from '../cli-definition.ts';
import type { Lane, ModelRecord, Provider, ProviderStatus, Quota, Session } from '../provider.ts';
import { GeminiAgent } from './agent.ts';
import { resolveCommand } from './command.ts';
import { toGatewayError } from './failure.ts';
import { findFault, minimumVersion, missingAdvice, readVersion, testedVersion } from './inspect.ts';
import { findLogin } from './login.ts';
import { GeminiModels } from './models.ts';
import { GeminiWorker, type WorkerOptions } from './worker.ts';
import { GeminiWorkers } from './workers.ts';

/** The workers of one program with one login, which both may change while the server runs. */
interface Running {
  identity: string;
  workers: GeminiWorkers;
  listed: boolean;
}

/** The user's own `gemini`, unmodified: one warm process that holds all conversations. */
export class GeminiProvider implements Provider {
  readonly id: string;
  readonly title: string;
  readonly accounts = ['default'] as const;
  readonly versions = { minimum: minimumVersion, tested: testedVersion };
  readonly onDemand: boolean;
  #options: CliProviderOptions;
  #models: GeminiModels;
  #running: Running | undefined;
  #advice: string;
  #closed = false;

  constructor(options: CliProviderOptions) {
    this.id = options.id;
    this.title = options.title;
    this.onDemand = options.onDemand ?? false;
    this.#options = options;
    this.#models = new GeminiModels({ prefix: options.prefix, ownedBy: options.ownedBy });
    this.#advice = missingAdvice(options.command);
  }

  async inspect(signal: AbortSignal): Promise<ProviderStatus> {
    const status = await this.#look(signal);
    if (status.advice !== undefined) this.#advice = status.advice;
    if (status.state !== 'ready') await this.#stop();
    return { ...status, models: status.state === 'ready' ? this.#models.listed : [] };
  }

  model(name: string): ModelRecord | undefined {
    return this.#models.find(name);
  }

  async open({ web }: Lane, signal: AbortSignal): Promise<Session> {
    const { workers } = this.#running ?? {};
    if (workers === undefined) throw new GatewayError('provider-missing', this.#advice);
    await workers.ready(signal);
    const agent = new GeminiAgent({
      workers,
      web,
      nativeModel: ({ model, effort }) => this.#models.native(model, effort),
    });
    return new AcpSession({ agent, loopback: this.#options.loopback });
  }

  /** The CLI tells none. */
  quota(): Quota[] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#stop();
  }

  async #look(signal: AbortSignal): Promise<Omit<ProviderStatus, 'models'>> {
    const { command: name, environment: ours, workspace } = this.#options;
    const environment = childEnvironment(ours, [], {});
    const executable = await findExecutable(name, environment.PATH ?? '');
    if (executable === undefined) return { state: 'missing', advice: missingAdvice(name) };
    const command = await resolveCommand(executable);
    // Even when only asked for its version the CLI writes to its home: not to the user's.
    const home = workspace.createDirectory();
    const away = { ...environment, HOME: home, GEMINI_CLI_HOME: home };
    const version = await readVersion(executable, command, { environment: away, signal });
    workspace.removeDirectory(home);
    const login = await findLogin(ours, environment.HOME ?? homedir());
    const fault = findFault(executable, version, login);
    if (fault !== undefined || login === undefined) return fault ?? { state: 'signed-out' };
    const identity = `${await executableIdentity(executable)} ${JSON.stringify(login)}`;
    try {
      await this.#run(identity, { command, environment: ours, login, workspace }, signal);
    } catch (error) {
      const { kind, message } = toGatewayError(error);
      const state = kind === 'provider-signed-out' ? 'signed-out' : 'failed';
      const advice = state === 'failed' ? 'Gemini CLI does not start: try `gemini` in a terminal.' : message;
      return { state, executable, version, advice };
    }
    return { state: 'ready', executable, version, login: { method: login.method, payer: login.payer } };
  }

  /** Starts the first worker, where there is none, and asks it for its models. */
  async #run(identity: string, options: WorkerOptions, signal: AbortSignal): Promise<void> {
    if (this.#running?.identity !== identity) {
      await this.#stop();
      if (this.#closed) throw new GatewayError('overloaded', 'The server is closing.');
      this.#running = { identity, workers: new GeminiWorkers(() => startWorker(options)), listed: false };
    }
    const running = this.#running as Running;
    const worker = await running.workers.ready(signal);
    if (running.listed) return;
    this.#models.update(await worker.listModels());
    running.listed = true;
  }

  async #stop(): Promise<void> {
    const { workers } = this.#running ?? {};
    this.#running = undefined;
    await workers?.[Symbol.asyncDispose]();
  }
}

/** A worker that is ready. */
async function startWorker(options: WorkerOptions): Promise<GeminiWorker> {
  const worker = await GeminiWorker.start(options);
  try {
    await worker.process.ready;
    return worker;
  } catch (error) {
    await worker.process.end();
    throw toGatewayError(error, worker.process.errorTail);
  }
}
