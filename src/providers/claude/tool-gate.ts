import { GatewayError } from '../../core/error.ts';
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

  /**
   * Holds what the CLI says it shows the model against what was asked for. A tool that it leaves out has a schema that it
   * does not take: it drops it without a word. A tool that nobody asked for ends the session on the spot.
   */
  check(shown: readonly string[]): void {
    const left = this.#names.tools.find(({ name }) => !shown.includes(name));
    if (left) {
      const message = `Claude Code does not take the schema of the tool '${this.#names.caller(left.name)}'.`;
      throw new GatewayError('invalid-request', message, { param: 'tools' });
    }
    const allowed = new Set([...this.#names.tools.map(({ name }) => name), ...(this.#web ? webTools : [])]);
    const unexpected = shown.filter((name) => !allowed.has(name));
    if (unexpected.length === 0) return;
    throw new GatewayError('provider-failed', 'Claude Code showed the model a tool that is not allowed here.', {
      cause: unexpected.join(', '),
    });
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
