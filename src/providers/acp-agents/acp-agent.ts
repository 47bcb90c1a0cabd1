import { GatewayError } from '../../core/error.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import type { HttpDoor, HttpDoorOptions } from '../../tool-bridge/http-door.ts';
import type { Agent, BeginOptions, NativeSession } from '../acp/agent.ts';
import type { AgentProcess } from '../acp/agent-process.ts';
import type { ToolCallUpdate } from '../acp/wire.ts';
import { ToolNames } from '../tool-names.ts';
import { callersTool, serverName } from './callers-tool.ts';
import { Conversation } from './conversation.ts';
import { toGatewayError } from './failure.ts';
import type { AcpAgentModels } from './models.ts';
import { type MakingOptions, NewSession } from './new-session.ts';
import type { PreparedSession, Usual } from './prepared-session.ts';

/** Model APIs take 64 characters: `mcp__client__` is the most that is known to come before. */
const longestToolName = 48;

export interface AcpAgentOptions extends Pick<MakingOptions, 'entry' | 'host'> {
  models: AcpAgentModels;
  /** Made ahead; this agent's from now on. */
  prepared: PreparedSession | undefined;
  /** Told of what a conversation begins with. */
  onBegin(usual: Usual): void;
}

/** One place for a conversation in an agent of the operator's file. */
export class AcpAgent implements Agent {
  readonly title: string;
  readonly origin: string;
  readonly serverName = serverName;
  readonly cutsStops = true;
  readonly firstWordsMs = 100;
  #options: AcpAgentOptions;
  #prepared: PreparedSession | undefined;
  #doorTaken = false;

  constructor(options: AcpAgentOptions) {
    this.title = options.entry.title;
    this.origin = options.entry.id;
    this.#options = options;
    this.#prepared = options.prepared;
  }

  nameTools(tools: readonly FunctionTool[]): ToolNames {
    return new ToolNames(tools, { longest: longestToolName });
  }

  takeDoor({ tools, onCall }: HttpDoorOptions): HttpDoor | undefined {
    if (!this.#prepared?.suits(tools)) return undefined;
    this.#doorTaken = true;
    return this.#prepared.takeDoor(onCall);
  }

  async begin(request: GenerateRequest, { names, mcpServers, signal }: BeginOptions): Promise<NativeSession> {
    const { entry, host, models } = this.#options;
    if (!entry.tools && names.tools.length > 0) {
      throw new GatewayError('unsupported-parameter', `${this.title} takes no tools.`, { param: 'tools' });
    }
    this.#options.onBegin({ tools: names.tools, model: models.native(request.model) });
    const session = this.#takePrepared(names.tools) ?? (await NewSession.make({ entry, host, mcpServers, signal }));
    try {
      return await Conversation.begin({ session, models, names, request, parallel: entry.parallelToolCalls });
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  isCallersTool(call: ToolCallUpdate, names: ToolNames): boolean {
    return callersTool(call, names) !== undefined;
  }

  toGatewayError(error: unknown, process: AgentProcess | undefined): GatewayError {
    return toGatewayError(error, process, this.title);
  }

  #takePrepared(tools: readonly FunctionTool[]): NewSession | undefined {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    const doorTaken = this.#doorTaken;
    this.#doorTaken = false;
    if (prepared?.suits(tools)) return prepared.session;
    prepared?.[Symbol.asyncDispose]().catch(() => {});
    // Its door is no good any more, and the room has no other.
    if (doorTaken) throw new GatewayError('provider-failed', `${this.title} has stopped.`);
    return undefined;
  }

  /** Gives up what was made ahead and never used. */
  async dropPrepared(): Promise<void> {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    await prepared?.[Symbol.asyncDispose]();
  }
}
