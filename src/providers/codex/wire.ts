/** The parts of Codex's app-server protocol that are read here; everything else is left alone. */

/** An item of the Responses API, as history is told and as answers are heard. */
export type ResponseItem =
  | { type: 'message'; id?: string; role: string; content: ResponseContent[] }
  | { type: 'reasoning'; summary: { type: 'summary_text'; text: string }[]; encrypted_content: string | null }
  | { type: 'function_call'; call_id: string; name: string; arguments: string }
  | { type: 'function_call_output'; call_id: string; output: string | ResponseContent[] };

export type ResponseContent =
  | { type: 'input_text'; text: string }
  | { type: 'output_text'; text: string; annotations?: Annotation[] }
  | { type: 'input_image'; image_url: string };

/** A source that a text of the model's refers to. The indexes count characters of that text. */
export interface Annotation {
  type: string;
  url?: string;
  title?: string;
  start_index?: number;
  end_index?: number;
}

/** A tool as a thread is started with it. */
export interface DynamicTool {
  type: 'function';
  name: string;
  description: string;
  inputSchema: Record<string, unknown>;
}

/** What the caller's tool gave back. */
export interface ToolAnswer {
  contentItems: ({ type: 'inputText'; text: string } | { type: 'inputImage'; imageUrl: string })[];
  success: boolean;
}

/** Tokens of one response of the model API. */
export interface TokenUsage {
  inputTokens: number;
  cachedInputTokens: number;
  cacheWriteInputTokens?: number;
  outputTokens: number;
  reasoningOutputTokens: number;
}

export interface TurnError {
  message: string;
  /** A class by name, or by name with the status that the model API answered with. */
  codexErrorInfo: string | Record<string, { httpStatusCode?: number | null }> | null;
  additionalDetails?: string | null;
}

/** One of an account's limits. */
export interface RateLimitWindow {
  usedPercent: number;
  windowDurationMins: number | null;
  /** Seconds since 1970. */
  resetsAt: number | null;
}

export interface RateLimits {
  primary: RateLimitWindow | null;
  secondary: RateLimitWindow | null;
}

/** A call of one of the caller's tools, which waits for its answer. */
export interface ToolCallRequest {
  callId: string;
  tool: string;
  arguments: unknown;
}

/** What a thread tells while it answers, and what it waits for. */
export type Notice =
  | { method: 'item/tool/call'; params: ToolCallRequest }
  | { method: 'turn/started'; params: { turn: { id: string } } }
  | { method: 'turn/completed'; params: { turn: { status: string; error: TurnError | null } } }
  | { method: 'item/started'; params: { item: { type: string; id: string } } }
  | { method: 'item/completed'; params: { item: { type: string; id: string; text?: string } } }
  | { method: 'item/agentMessage/delta'; params: { itemId: string; delta: string } }
  | { method: 'item/reasoning/summaryPartAdded'; params: { itemId: string; summaryIndex: number } }
  | { method: 'item/reasoning/summaryTextDelta'; params: { itemId: string; delta: string } }
  | { method: 'item/reasoning/textDelta'; params: { itemId: string; delta: string } }
  | { method: 'rawResponseItem/completed'; params: { item: ResponseItem } }
  | { method: 'rawResponse/completed'; params: { usage: TokenUsage | null } }
  | { method: 'model/rerouted'; params: { toModel: string } }
  | { method: 'error'; params: { error: TurnError; willRetry: boolean } }
  | { method: 'warning'; params: { message: string } };

/** Notifications that say nothing of use here; the program is asked to keep them to itself. */
export const unwantedNotices = [
  'thread/started',
  'thread/status/changed',
  'thread/settings/updated',
  'thread/tokenUsage/updated',
  'thread/closed',
  'remoteControl/status/changed',
  'mcpServer/startupStatus/updated',
  'skills/changed',
];
