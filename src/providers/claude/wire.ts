/** The lines that Claude Code writes in stream-json mode: only what is read here, everything else is let pass. */

/** One event of Anthropic's Messages API stream, passed through by the CLI as it came. */
export type ModelEvent =
  | { type: 'message_start'; message: { model?: string; usage?: NativeUsage } }
  | { type: 'content_block_start'; index: number; content_block: ContentBlock }
  | { type: 'content_block_delta'; index: number; delta: BlockDelta }
  | { type: 'content_block_stop'; index: number }
  | {
      type: 'message_delta';
      delta: { stop_reason?: string | null; stop_sequence?: string | null };
      usage?: NativeUsage;
    }
  | { type: 'message_stop' | 'ping' };

export interface ContentBlock {
  type: string;
  id?: string;
  name?: string;
  text?: string;
  thinking?: string;
  data?: string;
}

export interface BlockDelta {
  type: string;
  text?: string;
  thinking?: string;
  signature?: string;
  partial_json?: string;
}

export interface NativeUsage {
  input_tokens?: number;
  output_tokens?: number;
  cache_creation_input_tokens?: number;
  cache_read_input_tokens?: number;
  output_tokens_details?: { thinking_tokens?: number };
}

export interface RateLimitInfo {
  status?: string;
  rateLimitType?: string;
  resetsAt?: number;
  unifiedWindows?: Record<string, { utilization?: number; resetsAt?: number }>;
}

export interface ResultLine {
  type: 'result';
  subtype?: string;
  is_error?: boolean;
  result?: string;
  stop_reason?: string | null;
  terminal_reason?: string;
  api_error_status?: number | null;
  api_error_type?: string | null;
  api_error?: string | null;
  usage?: NativeUsage;
  total_cost_usd?: number;
  user_message_uuid?: string;
  modelUsage?: Record<string, { contextWindow?: number; maxOutputTokens?: number }>;
}

export type OutputLine =
  | { type: 'stream_event'; event: ModelEvent; parent_tool_use_id?: string | null }
  | { type: 'assistant'; message: { model?: string; content?: ContentBlock[] }; error?: string }
  | { type: 'user'; message: { content?: unknown }; tool_use_result?: unknown; parent_tool_use_id?: string | null }
  | ResultLine
  | { type: 'system'; subtype: string; tools?: string[]; [field: string]: unknown }
  | { type: 'rate_limit_event'; rate_limit_info?: RateLimitInfo }
  | { type: 'command_lifecycle'; command_uuid?: string; state?: string }
  | { type: 'control_request'; request_id: string; request: ControlRequest }
  | { type: 'control_response'; response: ControlResponse };

/** What the CLI asks of us. */
export interface ControlRequest {
  subtype: string;
  message?: Record<string, unknown>;
  input?: { tool_name?: string; tool_input?: Record<string, unknown>; mcp_server?: unknown };
  [field: string]: unknown;
}

export interface ControlResponse {
  subtype: 'success' | 'error';
  request_id: string;
  response?: Record<string, unknown>;
  error?: string;
}

/** One entry of the CLI's own model list. */
export interface NativeModel {
  value: string;
  resolvedModel?: string;
  displayName?: string;
  /** For people; it names the price. */
  description?: string;
  supportsEffort?: boolean;
  supportedEffortLevels?: string[];
  supportsAdaptiveThinking?: boolean;
  supportsThinkingOff?: boolean;
}

/** A message of Anthropic's API, as the CLI takes it on its standard input. */
export interface NativeMessage {
  role: 'user' | 'assistant';
  content: NativeBlock[];
}

export type NativeBlock =
  | { type: 'text'; text: string }
  | { type: 'image'; source: { type: 'base64'; media_type: string; data: string } }
  | { type: 'document'; source: { type: 'base64'; media_type: string; data: string }; title?: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown }
  | { type: 'tool_result'; tool_use_id: string; content: NativeBlock[]; is_error?: boolean };

/** A line of the CLI's output, or undefined for anything that is not one. */
export function parseLine(line: string): OutputLine | undefined {
  if (line.charCodeAt(0) !== 0x7b) return undefined;
  try {
    const value = JSON.parse(line) as { type?: unknown };
    return typeof value.type === 'string' ? (value as OutputLine) : undefined;
  } catch {
    return undefined;
  }
}
