import type { GenerateRequest } from '../../core/request.ts';
import type { ToolNames } from '../tool-names.ts';
import { extraBody } from './extra-body.ts';
import { isBudgeted } from './models.ts';
import type { NativeMessage } from './wire.ts';

/** Name of our MCP server inside the CLI; the model never sees it. */
const mcpServer = 'c';
const defaultSystemPrompt = 'You are a helpful assistant.';

/** A control request that gives a fresh session its system prompt and the caller's tools. Only the first one counts. */
export function initialize(request: GenerateRequest, names: ToolNames): Record<string, unknown> {
  return {
    subtype: 'initialize',
    systemPrompt: [request.system?.trim() || defaultSystemPrompt],
    skills: [],
    ...(names.tools.length > 0 && { sdkMcpServers: [mcpServer] }),
    hooks: { PreToolUse: [{ matcher: null, hookCallbackIds: ['before-tool'] }] },
  };
}

/** A control request with every setting of one turn: one that is left out would keep its value from the turn before. */
export function turnSettings(
  request: GenerateRequest,
  turn: { names: ToolNames; model: string; replayed: boolean; question: NativeMessage },
): Record<string, unknown> {
  const budgeted = isBudgeted(turn.model);
  const endsInToolResults = turn.replayed && turn.question.content[0]?.type === 'tool_result';
  const body = extraBody(request, { names: turn.names, budgeted, endsInToolResults });
  const hasLevel = request.effort !== undefined && request.effort !== 'none' && !budgeted;
  return {
    subtype: 'apply_flag_settings',
    settings: {
      model: turn.model,
      effortLevel: hasLevel ? request.effort : null,
      env: {
        CLAUDE_CODE_MAX_OUTPUT_TOKENS: request.maxOutputTokens === undefined ? '' : String(request.maxOutputTokens),
        CLAUDE_CODE_EXTRA_BODY: JSON.stringify(body),
      },
    },
  };
}

/** The message that the model is to answer. `client_composed` keeps `@path` and `/command` the plain text that they are. */
export function question(message: NativeMessage, uuid: string): Record<string, unknown> {
  return { type: 'user', uuid, session_id: '', parent_tool_use_id: null, client_composed: true, message };
}

/** A message of the conversation so far. */
export function earlier(message: NativeMessage, uuid: string): Record<string, unknown> {
  if (message.role === 'user') return { ...question(message, uuid), shouldQuery: false };
  return { type: 'assistant', uuid, session_id: '', parent_tool_use_id: null, message };
}

/** Settings that hold nothing of a caller's own beyond model, effort and length: fit to be told to anybody's session. */
export function isPlain(settings: Record<string, unknown>): boolean {
  const { env } = settings.settings as { env: Record<string, string> };
  return env.CLAUDE_CODE_EXTRA_BODY === '{}';
}
