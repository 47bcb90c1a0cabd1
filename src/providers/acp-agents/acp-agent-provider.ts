import { GatewayError } from '../../core/error.ts';
import { findExecutable } from '../../process/executable.ts';
import type { Workspace } from '../../process/workspace.ts';
import type { Loopback } from '../../tool-bridge/loopback.ts';
import { AcpSession } from '../acp/acp-session.ts';
import type { Lane, ModelRecord, Provider, ProviderStatus, Quota, Session } from '../provider.ts';
import { AcpAgent } from './acp-agent.ts';
import { AgentHost } from './agent-host.ts';
import { serverName } from './callers-tool.ts';
import type { AcpAgentEntry } from './entry.ts';
import { agentEnvironment } from './environment.ts';
import { toGatewayError } from './failure.ts';
import { AcpAgentModels } from './models.ts';
import { PreparedSession, type Usual } from './prepared-session.ts';

export interface AcpAgentProviderOptions {
  entry: AcpAgentEntry;
  /** What the agent's environment is picked from. */
  environment: Record<string, string | undefined>;
  workspace: Workspace;
  loopback: Loopback;
}

/**
 * A program of the operator's own choice that speaks the Agent Client Protocol. One process serves all conversations,
 * each in a session of its own that is made before its request comes.
 */
export class AcpAgentProvider implements Provider {
  readonly id: string;
  readonly title: string;
  readonly accounts = ['default'] as const;
  readonly onDemand = false;
  #options: AcpAgentProviderOptions;
  #environment: Record<string, string>;
  #models: AcpAgentModels;
  #host: AgentHost | undefined;
  #sessions = new Set<AcpSession>();
  /** What the last conversation began with: a session that is made ahead is given the same. */
  #usual: Usual = { tools: [], model: undefined };
  /** Made by the last look. */
  #first: PreparedSession | undefined;

  constructor(options: AcpAgentProviderOptions) {
    const { entry, environment } = options;
    this.id = entry.id;
    this.title = entry.title;
    this.#options = options;
    this.#environment = agentEnvironment(environment, entry.environment);
    this.#models = new AcpAgentModels(entry);
  }

  async inspect(signal: AbortSignal): Promise<ProviderStatus> {
    const [program, ...words] = this.#options.entry.command;
    const executable = await findExecutable(program, this.#environment.PATH ?? '');
    if (executable === undefined) {
      const advice = `${this.title} was not found: install it, or correct its command in the file of ACP agents.`;
      return { state: 'missing', advice, models: [] };
    }
    const { workspace } = this.#options;
    this.#host ??= new AgentHost({ executable, arguments: words, environment: this.#environment, workspace });
    try {
      const prepared = await this.#prepare(signal);
      await this.#first?.[Symbol.asyncDispose]();
      this.#first = prepared;
      return { state: 'ready', executable, version: this.#learn(prepared), models: this.#models.listed };
    } catch (thrown) {
      const error = toGatewayError(thrown, this.#host.process, this.title);
      const state = error.kind === 'provider-signed-out' ? 'signed-out' : 'failed';
      const advice = `${error.message} Its command, started in a terminal, may tell more.`;
      return { state, executable, advice: state === 'failed' ? advice : error.message, models: [] };
    }
  }

  model(name: string): ModelRecord | undefined {
    return this.#models.find(name);
  }

  async open(_: Lane, signal: AbortSignal): Promise<Session> {
    const { entry, loopback } = this.#options;
    const prepared = await this.#prepared(signal);
    const host = this.#host as AgentHost;
    const agent = new AcpAgent({
      entry,
      host,
      models: this.#models,
      prepared,
      onBegin: (usual) => {
        this.#usual = usual;
      },
    });
    const session = new AcpSession({
      agent,
      loopback,
      onClosed: async () => {
        this.#sessions.delete(session);
        await agent.dropPrepared();
      },
    });
    this.#sessions.add(session);
    return session;
  }

  /** Agents tell nothing of their limits. */
  quota(): Quota[] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session[Symbol.asyncDispose]()));
    await this.#first?.[Symbol.asyncDispose]();
    await this.#host?.[Symbol.asyncDispose]();
  }

  async #prepared(signal: AbortSignal): Promise<PreparedSession> {
    const first = this.#first;
    this.#first = undefined;
    if (first?.suits(this.#usual.tools)) return first;
    await first?.[Symbol.asyncDispose]();
    try {
      return await this.#prepare(signal);
    } catch (error) {
      throw signal.aborted ? GatewayError.from(signal.reason) : toGatewayError(error, this.#host?.process, this.title);
    }
  }

  #prepare(signal: AbortSignal): Promise<PreparedSession> {
    const { entry, loopback } = this.#options;
    const host = this.#host;
    if (host === undefined) throw new GatewayError('provider-missing', `${this.title} was not found.`);
    return PreparedSession.make({ entry, host, loopback, serverName, usual: this.#usual, signal });
  }

  /** Takes over what the agent tells of itself; comes back with its version. */
  #learn({ session }: PreparedSession): string | undefined {
    const { settings, capabilities } = session;
    const { promptCapabilities } = capabilities.agentCapabilities ?? {};
    this.#models.update({
      models: settings.models,
      defaultModel: settings.defaultModel,
      efforts: settings.efforts,
      images: promptCapabilities?.image === true,
      audio: promptCapabilities?.audio === true,
    });
    return capabilities.agentInfo?.version;
  }
}
