import { homedir } from 'node:os';
import { join } from 'node:path';
import { GatewayError } from '../../core/error.ts';
import { executableIdentity, findExecutable } from '../../process/executable.ts';
import type { Workspace } from '../../process/workspace.ts';
import type { Lane, ModelRecord, Provider, ProviderStatus, Quota, Session } from '../provider.ts';
import { sessionArguments } from './command.ts';
import { claudeEnvironment } from './environment.ts';
import { isPlain } from './input-lines.ts';
import { inspectClaude, installAdvice, minimumVersion, missingAdvice, testedVersion } from './inspect.ts';
import { ClaudeModels } from './models.ts';
import { ClaudeProcess } from './process.ts';
import { rehearseTools } from './rehearse-tools.ts';
import { ClaudeSession } from './session.ts';
import { writeTranscript } from './transcript.ts';
import type { NativeMessage, NativeModel, RateLimitInfo, ResultLine } from './wire.ts';

const modelListMaxAgeMs = 24 * 60 * 60 * 1_000;

interface ClaudeOptions {
  id: string;
  title: string;
  /** Of its model names: `claude`. */
  prefix: string;
  ownedBy: string;
  /** Name or path of the CLI. */
  command: string;
  /** What the children's environment is picked from. */
  environment: Record<string, string | undefined>;
  workspace: Workspace;
  /** The longest that one request to the model API may take, in milliseconds. */
  timeoutMs: number;
  /** No session is kept ready before the first request. */
  onDemand?: boolean;
}

/** The user's own `claude`, unmodified: one process per conversation, opened before the conversation exists. */
export class ClaudeProvider implements Provider {
  readonly id: string;
  readonly title: string;
  readonly accounts = ['default'] as const;
  readonly versions = { minimum: minimumVersion, tested: testedVersion };
  readonly onDemand: boolean;
  #options: ClaudeOptions;
  #environment: Record<string, string>;
  #models: ClaudeModels;
  #status: Omit<ProviderStatus, 'models'> = { state: 'missing', advice: installAdvice };
  #listed: { identity: string; at: number } | undefined;
  /** What conversations began with lately: told to a spare ahead, it need not be told with the request. By `Lane.web`. */
  #usual = new Map<boolean, Record<string, unknown>>();
  #quota = new Map<string, Quota>();
  #processes = new Set<ClaudeProcess>();
  #closed = false;

  constructor(options: ClaudeOptions) {
    this.id = options.id;
    this.title = options.title;
    this.onDemand = options.onDemand ?? false;
    this.#options = options;
    this.#environment = claudeEnvironment(options.environment, options.timeoutMs);
    this.#models = new ClaudeModels({ prefix: options.prefix, ownedBy: options.ownedBy });
  }

  async inspect(signal: AbortSignal): Promise<ProviderStatus> {
    const executable = await findExecutable(this.#options.command, this.#environment.PATH ?? '');
    if (executable === undefined) {
      this.#status = { state: 'missing', advice: missingAdvice(this.#options.command) };
      return { ...this.#status, models: [] };
    }
    this.#status = await inspectClaude(executable, this.#environment, signal);
    if (this.#status.state === 'ready') await this.#listModels(executable, signal);
    return { ...this.#status, models: this.#status.state === 'ready' ? this.#models.listed : [] };
  }

  model(name: string): ModelRecord | undefined {
    return this.#models.find(name);
  }

  async open(lane: Lane, signal: AbortSignal): Promise<Session> {
    const process = this.#start({ web: lane.web });
    const settings = this.#usual.get(lane.web);
    const abort = () => process.stop();
    signal.addEventListener('abort', abort, { once: true });
    try {
      // Answered once the CLI has booted: from then on a request only has to be written.
      await process.control({ subtype: 'list_models' });
      if (settings) await process.control(settings);
      await rehearseTools(process);
    } catch (error) {
      process.stop();
      throw new GatewayError('provider-failed', 'Claude Code could not be started.', {
        cause: `${error} ${process.errorTail}`,
      });
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return new ClaudeSession({
      process,
      web: lane.web,
      resume: (history, model) => this.#resume(lane, history, model),
      nativeModel: (name) => this.#models.native(name),
      answerAs: (native) => this.#models.own(native),
      settings,
      onBegin: (begun) => {
        if (isPlain(begun)) this.#usual.set(lane.web, begun);
      },
      onRateLimit: (info) => this.#rememberQuota(info),
      onResult: (result) => this.#learnLimits(result),
    });
  }

  quota(): Quota[] {
    return [...this.#quota.values()];
  }

  /** Ends every process, whether it has become a session or not. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#processes].map((process) => process.end()));
  }

  #start(options: { web: boolean; resume?: string }): ClaudeProcess {
    const { executable } = this.#status;
    if (executable === undefined) throw new GatewayError('provider-missing', installAdvice);
    if (this.#closed) throw new GatewayError('overloaded', 'The server is closing.');
    const process = new ClaudeProcess({
      executable,
      arguments: sessionArguments(options),
      environment: this.#environment,
      workspace: this.#options.workspace,
      configDirectory: this.#environment.CLAUDE_CONFIG_DIR ?? join(this.#environment.HOME ?? homedir(), '.claude'),
    });
    this.#processes.add(process);
    void process.exited.then(() => this.#processes.delete(process));
    return process;
  }

  async #listModels(executable: string, signal: AbortSignal): Promise<void> {
    const identity = await executableIdentity(executable);
    const fresh = this.#listed !== undefined && Date.now() - this.#listed.at < modelListMaxAgeMs;
    if (fresh && this.#listed?.identity === identity) return;
    const process = this.#start({ web: false });
    const abort = () => process.stop();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const { models } = await process.control({ subtype: 'list_models' });
      if (Array.isArray(models)) this.#models.update(models as NativeModel[]);
      this.#listed = { identity, at: Date.now() };
    } catch {
      // Without its list every `claude-…` id still works: it is passed on.
    } finally {
      signal.removeEventListener('abort', abort);
      await process.end();
    }
  }

  async #resume(lane: Lane, history: readonly NativeMessage[], model: string): Promise<ClaudeProcess> {
    const { workspace } = this.#options;
    const directory = workspace.createDirectory();
    const file = await writeTranscript(directory, history, {
      version: this.#status.version ?? '',
      model,
      now: new Date(),
    });
    const process = this.#start({ web: lane.web, resume: file });
    try {
      await process.control({ subtype: 'list_models' });
    } catch (error) {
      process.stop();
      throw new GatewayError('provider-failed', 'Claude Code could not take up the conversation.', {
        cause: `${error} ${process.errorTail}`,
      });
    } finally {
      workspace.removeDirectory(directory);
    }
    return process;
  }

  #rememberQuota(info: RateLimitInfo): void {
    const at = (seconds: number | undefined) => (seconds === undefined ? undefined : new Date(seconds * 1_000));
    for (const [window, { utilization, resetsAt }] of Object.entries(info.unifiedWindows ?? {})) {
      this.#quota.set(window, { window, utilization, exhausted: false, resetsAt: at(resetsAt) });
    }
    if (info.rateLimitType === undefined) return;
    const known = this.#quota.get(info.rateLimitType);
    this.#quota.set(info.rateLimitType, {
      window: info.rateLimitType,
      utilization: known?.utilization,
      exhausted: info.status === 'rejected',
      resetsAt: at(info.resetsAt) ?? known?.resetsAt,
    });
  }

  #learnLimits(result: ResultLine): void {
    for (const [model, limits] of Object.entries(result.modelUsage ?? {})) {
      const { contextWindow, maxOutputTokens } = limits;
      if (contextWindow !== undefined) this.#models.learn(model, { contextWindow, maxOutputTokens });
    }
  }
}
