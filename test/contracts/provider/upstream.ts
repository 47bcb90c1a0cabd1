import type { ToolChoice } from '../../../src/core/tool.ts';

/** What reached the model API, in words that every API's request can be told in; the CLI's own additions left out. */
export interface Upstream {
  model: string;
  system: string;
  messages: UpstreamMessage[];
  tools: UpstreamTool[];
  toolChoice?: ToolChoice;
  parallelToolCalls: boolean;
  effort?: string;
  reasoning: boolean;
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  stop?: string[];
  outputSchema?: Record<string, unknown>;
  verbosity?: string;
}

/** Neighbours of one role are one message. `system` is for what came after the conversation began. */
export interface UpstreamMessage {
  role: 'user' | 'assistant' | 'system';
  content: UpstreamPart[];
}

export type UpstreamPart =
  | { text: string }
  | { image: string; mediaType: string }
  | { document: string; mediaType: string }
  | { reasoning: string; signature: string }
  | { call: string; name: string; arguments: unknown }
  | { result: string; content: UpstreamPart[]; isError: boolean }
  | { unknown: unknown };

export interface UpstreamTool {
  name: string;
  description: string;
  schema: Record<string, unknown>;
}
