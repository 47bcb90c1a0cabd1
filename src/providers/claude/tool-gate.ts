import { answerMcp, type McpMessage } from '../../tool-bridge/mcp-server.ts';
import type { ToolNames } from '../tool-names.ts';
import { webTools } from './command.ts';
import { refuseFetch } from './web-guard.ts';
import type { ControlRequest } from './wire.ts';

/** Decides about every tool of one session: which the model is shown, and what becomes of each call. */
export class ToolGate {
  #names: ToolNames;
  #web: boolean;

  constructor(options: { names: ToolNames; web: boolean }) {
    this.#names = options.names;
    this.#web = options.web;
  }

  /** Of the tools that the CLI says it shows the model, those that nobody allowed. */
  unexpected(shown: readonly string[]): string[] {
    const allowed = new Set([...this.#names.tools.map(({ name }) => name), ...(this.#web ? webTools : [])]);
    return shown.filter((name) => !allowed.has(name));
  }

  /** Answers what the CLI asks over its control channel. */
  async answer(request: ControlRequest): Promise<Record<string, unknown>> {
    switch (request.subtype) {
      case 'mcp_message': {
        const reply = answerMcp(request.message as McpMessage, this.#names.tools);
        return { mcp_response: reply ?? { jsonrpc: '2.0', id: 0, result: {} } };
      }
      case 'hook_callback':
        return this.#beforeTool(request);
      case 'can_use_tool':
        return { behavior: 'deny', message: 'Not available.' };
      default:
        return {};
    }
  }

  async #beforeTool({ input }: ControlRequest): Promise<Record<string, unknown>> {
    const name = input?.tool_name ?? '';
    // The caller runs it: the turn ends here and goes on with the result.
    if (this.#names.caller(name) !== undefined) return decision('defer');
    if (!this.#web || !webTools.some((tool) => tool === name)) return decision('deny', 'Not available.');
    const refusal = name === 'WebFetch' ? await refuseFetch(input?.tool_input?.url) : undefined;
    return refusal === undefined ? {} : decision('deny', refusal);
  }
}

function decision(permissionDecision: 'defer' | 'deny', permissionDecisionReason?: string): Record<string, unknown> {
  return { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision, permissionDecisionReason } };
}
