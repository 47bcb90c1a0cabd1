import { homedir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { GatewayError } from '../../core/error.ts';
import { findExecutable } from '../../process/executable.ts';
import { JsonRpcError } from '../../process/json-rpc.ts';
import type { Workspace } from '../../process/workspace.ts';
import type { Loopback } from '../../tool-bridge/loopback.ts';
import { AcpSession } from '../acp/acp-session.ts';
import type { Lane, ModelRecord, Provider, ProviderStatus, Quota, Session } from '../provider.ts';
import { QwenAgent } from './agent.ts';
import { type QwenCommand, resolveCommand } from './command.ts';
import { qwenSearchEnvironment } from './environment.ts';
import {
  findVersion,
  installAdvice,
  minimumVersion,
  missingAdvice,
  outdated,
  signInAdvice,
  startAdvice,
  testedVersion,
} from './inspect.ts';
import { findLogin, type QwenLogin } from './login.ts';
import { QwenModels } from './models.ts';
import { Worker } from './worker.ts';

export interface QwenOptions {
  id: string;
  title: string;
  /** Of its model names: `qwen`. */
  prefix: string;
  ownedBy: string;
  /** Name or path of the CLI. */
  command: string;
  /** What the children's environment is picked from. */
  environment: Record<string, string | undefined>;
  workspace: Workspace;
  /** Where the CLI finds the caller's tools. */
  loopback: Loopback;
  /** The longest that one request to the model API may take, in milliseconds. */
  timeoutMs: number;
  /** No process is kept ready before the first request. */
  onDemand?: boolean;
}

interface Found {
  command: QwenCommand;
  login: QwenLogin;
  version: string;
}

/** The user's own `qwen`, unmodified: one warm process that holds all conversations. */
export class QwenProvider implements Provider {
  readonly id: string;
  readonly title: string;
  readonly accounts = ['default'] as const;
  readonly versions = { minimum: minimumVersion, tested: testedVersion };
  readonly onDemand: boolean;
  #options: QwenOptions;
  #models: QwenModels;
  #agent: QwenAgent;
  #found: Found | undefined;
  #worker: Promise<Worker> | undefined;
  #workers = new Set<Worker>();
  #sessions = new Set<Session>();
  #closed = false;

  constructor(options: QwenOptions) {
    this.id = options.id;
    this.title = options.title;
    this.onDemand = options.onDemand ?? false;
    this.#options = options;
    this.#models = new QwenModels({ prefix: options.prefix, ownedBy: options.ownedBy });
    this.#agent = new QwenAgent({
      title: 'Qwen Code',
      worker: () => this.#useWorker(),
      nativeModel: (name, { login }) => this.#models.native(name) ?? usualModel(login),
    });
  }

  async inspect(signal: AbortSignal): Promise<ProviderStatus> {
    const environment = qwenSearchEnvironment(this.#options.environment);
    const executable = await findExecutable(this.#options.command, environment.PATH ?? '');
    if (executable === undefined) return this.#lose({ state: 'missing', advice: missingAdvice(this.#options.command) });
    const command = await resolveCommand(executable);
    const version = await findVersion(command, environment, signal);
    if (version === undefined) return this.#lose({ state: 'failed', executable, advice: startAdvice });
    const tooOld = outdated(version);
    if (tooOld !== undefined) return this.#lose({ ...tooOld, executable, version });
    const login = await findLogin(this.#options.environment, this.#options.environment.HOME ?? homedir());
    if (login === undefined) return this.#lose({ state: 'signed-out', executable, version, advice: signInAdvice });
    await this.#find({ command, login, version });
    return { executable, version, ...(await this.#listModels(login)) };
  }

  model(name: string): ModelRecord | undefined {
    return this.#models.find(name);
  }

  async open(_lane: Lane, signal: AbortSignal): Promise<Session> {
    await this.#useWorker();
    if (signal.aborted) throw GatewayError.from(signal.reason);
    const { loopback } = this.#options;
    const session: Session = new AcpSession({
      agent: this.#agent,
      loopback,
      onClosed: () => {
        this.#sessions.delete(session);
      },
    });
    this.#sessions.add(session);
    return session;
  }

  /** The CLI tells nothing of its account's limits. */
  quota(): Quota[] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions].map((session) => session[Symbol.asyncDispose]()));
    await this.#worker?.catch(() => {});
    await Promise.all([...this.#workers].map((worker) => worker.end()));
  }

  #lose(status: Omit<ProviderStatus, 'models'>): ProviderStatus {
    this.#found = undefined;
    return { ...status, models: [] };
  }

  /** A process that was started for another program or login takes no more sessions. */
  async #find(found: Found): Promise<void> {
    const before = this.#found;
    this.#found = found;
    if (before === undefined || isDeepStrictEqual(before, found)) return;
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    worker?.retire();
  }

  async #listModels(login: QwenLogin): Promise<Pick<ProviderStatus, 'state' | 'advice' | 'login' | 'models'>> {
    try {
      const worker = await this.#useWorker();
      if (worker.models !== undefined) this.#models.update(worker.models, login);
      if (this.onDemand && this.#sessions.size === 0) this.#dismiss(worker);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.kind !== 'provider-signed-out') {
        return { state: 'failed', advice: startAdvice, models: [] };
      }
      return { state: 'signed-out', advice: signInAdvice, models: [] };
    }
    const { method, payer } = login;
    return { state: 'ready', login: { method, payer }, models: this.#models.listed };
  }

  #dismiss(worker: Worker): void {
    this.#worker = undefined;
    worker.retire();
  }

  /** The process for the next session: the one that runs, unless it is gone or worn. */
  async #useWorker(): Promise<Worker> {
    const worker = await this.#worker?.catch(() => undefined);
    if (worker?.process.alive && !(await worker.isWorn())) return worker;
    // Somebody else may have come first.
    if (worker !== undefined && (await this.#worker) === worker) this.#worker = undefined;
    worker?.retire();
    this.#worker ??= this.#startWorker();
    try {
      return await this.#worker;
    } catch (error) {
      this.#worker = undefined;
      throw error;
    }
  }

  async #startWorker(): Promise<Worker> {
    if (this.#closed) throw new GatewayError('overloaded', 'The server is closing.');
    if (this.#found === undefined) throw new GatewayError('provider-missing', installAdvice);
    const { command, login } = this.#found;
    const { environment, workspace, timeoutMs } = this.#options;
    try {
      const worker = await Worker.start({ command, login, environment, workspace, timeoutMs });
      this.#workers.add(worker);
      void worker.gone.then(() => this.#workers.delete(worker));
      return worker;
    } catch (error) {
      const refused = error instanceof JsonRpcError ? this.#agent.toGatewayError(error, undefined) : undefined;
      if (refused?.kind === 'provider-signed-out') throw refused;
      throw new GatewayError('provider-failed', 'Qwen Code could not be started.', { cause: error });
    }
  }
}

/** The model that the CLI would take by itself. */
function usualModel({ settings, entries, variables }: QwenLogin): string {
  const { name } = (settings.model ?? {}) as { name?: string };
  return name ?? entries[0]?.id ?? variables.OPENAI_MODEL ?? variables.QWEN_MODEL ?? '';
}
