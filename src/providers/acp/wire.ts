/** What of the Agent Client Protocol is used here. Fields that nobody reads are left out. */

export type ContentBlock =
  | { type: 'text'; text: string }
  | { type: 'image' | 'audio'; mimeType: string; data: string }
  | { type: 'resource'; resource: { uri: string; mimeType: string; blob: string } };

export interface HttpMcpServer {
  type: 'http';
  name: string;
  url: string;
  headers: { name: string; value: string }[];
}

/** A program that the agent starts; the form that every agent knows. */
export interface StdioMcpServer {
  name: string;
  command: string;
  args: string[];
  env: { name: string; value: string }[];
}

export type McpServer = HttpMcpServer | StdioMcpServer;

/** A notification of `session/update`. */
export interface SessionUpdate {
  sessionUpdate: string;
  content?: unknown;
  toolCallId?: string;
  title?: string;
  status?: string;
  kind?: string;
  rawInput?: unknown;
  /** In `usage_update`: the size of the context window, and what the session has cost since it began. */
  size?: number;
  cost?: { amount?: number; currency?: string } | null;
  /** In `config_option_update`. */
  configOptions?: ConfigOption[];
  _meta?: Record<string, unknown>;
}

export interface PermissionOption {
  optionId: string;
  kind: 'allow_once' | 'allow_always' | 'reject_once' | 'reject_always';
}

/** What the agent asks leave for. */
export interface ToolCallUpdate {
  toolCallId: string;
  name?: string;
  title?: string;
  kind?: string;
  rawInput?: unknown;
  _meta?: Record<string, unknown>;
}

export interface InitializeResult {
  protocolVersion: number;
  agentInfo?: { name?: string; version?: string };
  agentCapabilities?: {
    loadSession?: boolean;
    promptCapabilities?: { image?: boolean; audio?: boolean; embeddedContext?: boolean };
    mcpCapabilities?: { http?: boolean; sse?: boolean };
    sessionCapabilities?: Record<string, unknown>;
  };
  authMethods?: { id: string; name?: string }[];
  _meta?: Record<string, unknown>;
}

export interface SessionModels {
  availableModels: { modelId: string; name?: string; description?: string; _meta?: Record<string, unknown> }[];
  currentModelId?: string;
}

/** A setting of a session: its values are those of `options`, or true and false. */
export interface ConfigOption {
  id: string;
  /** What it is about: `model`, `thought_level`, `mode`, … */
  category?: string | null;
  type: string;
  currentValue?: string | boolean;
  options?: (ConfigValue | { group: string; options: ConfigValue[] })[];
}

export interface ConfigValue {
  value: string;
  name?: string;
}

/** The answer to `session/new`, `session/load` or `session/resume`. */
export interface SessionResult {
  sessionId?: string;
  models?: SessionModels;
  modes?: { currentModeId?: string; availableModes?: { id: string }[] } | null;
  configOptions?: ConfigOption[] | null;
}

export interface PromptResult {
  stopReason: string;
  usage?: Record<string, unknown> | null;
  _meta?: Record<string, unknown>;
}

/** The text of a chunk, or undefined for a chunk of another kind. */
export function textOf({ content }: SessionUpdate): string | undefined {
  const block = content as { type?: unknown; text?: unknown } | null | undefined;
  return block?.type === 'text' && typeof block.text === 'string' ? block.text : undefined;
}
