import { randomUUID } from 'node:crypto';
import { GatewayError } from '../../core/error.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { JsonRpcError } from '../../process/json-rpc.ts';
import type { Agent, BeginOptions } from '../acp/agent.ts';
import type { AgentProcess } from '../acp/agent-process.ts';
import type { ToolCallUpdate } from '../acp/wire.ts';
import { ToolNames } from '../tool-names.ts';
import { origin, toContents } from './contents.ts';
import { toGatewayError } from './failure.ts';
import { QwenNativeSession } from './native-session.ts';
import { serverName, toolPrefix } from './native-settings.ts';
import { sessionFile } from './session-file.ts';
import { slotSettings } from './slot-settings.ts';
import type { Worker } from './worker.ts';

/** The longest name of a tool that the CLI leaves as it is, its own prefix included. */
const longestName = 63;

export interface QwenAgentOptions {
  title: string;
  worker(): Promise<Worker>;
  /** The id under which the CLI knows a model. */
  nativeModel(name: string, worker: Worker): string;
}

/** Qwen Code behind the Agent Client Protocol. */
export class QwenAgent implements Agent {
  readonly title: string;
  readonly origin = origin;
  readonly serverName = serverName;
  readonly cutsStops = false;
  #options: QwenAgentOptions;

  constructor(options: QwenAgentOptions) {
    this.title = options.title;
    this.#options = options;
  }

  nameTools(tools: readonly FunctionTool[]): ToolNames {
    return new ToolNames(tools.map(unchecked), { longest: longestName - toolPrefix.length });
  }

  async begin(request: GenerateRequest, { names, mcpServers, signal }: BeginOptions): Promise<QwenNativeSession> {
    const worker = await this.#options.worker();
    const slot = await worker.takeSlot();
    const id = randomUUID();
    const settingsFor = (asked: GenerateRequest) =>
      slotSettings(asked, {
        login: worker.login,
        model: this.#options.nativeModel(asked.model, worker),
        names,
        exchanges: slot.exchanges,
      });
    try {
      signal.throwIfAborted();
      const settings = settingsFor(request);
      const conversation = sessionFile(toContents(request.messages, names), {
        id,
        directory: slot.directory,
        now: new Date(),
      });
      const system = request.system ?? '';
      await worker.makeSession({ id, slot, system, settings, conversation, mcpServers });
      return new QwenNativeSession({ worker, slot, id, names, settings, settingsFor });
    } catch (error) {
      await worker.closeSession(id, slot);
      throw error;
    }
  }

  isCallersTool({ _meta }: ToolCallUpdate, names: ToolNames): boolean {
    const name = typeof _meta?.toolName === 'string' ? _meta.toolName : '';
    return name.startsWith(toolPrefix) && names.caller(name.slice(toolPrefix.length)) !== undefined;
  }

  toGatewayError(error: unknown, process: AgentProcess | undefined): GatewayError {
    if (error instanceof GatewayError) return error;
    if (error instanceof JsonRpcError) {
      const { details } = (error.data ?? {}) as { details?: unknown };
      return toGatewayError(typeof details === 'string' ? details : error.message);
    }
    const message = `${this.title} stopped in the middle of the answer.`;
    return new GatewayError('provider-failed', message, { cause: `${error} ${process?.errorTail ?? ''}` });
  }
}

/**
 * A schema that the CLI neither compiles, which costs it some ten milliseconds a tool, nor holds the model's arguments
 * against: they are the caller's to judge. Both marks are taken out again before the model sees them.
 */
function unchecked(tool: FunctionTool): FunctionTool {
  return { ...tool, parameters: { ...tool.parameters, $id: 'urn:tool', $schema: 'urn:none' } };
}
