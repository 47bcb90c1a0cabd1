import type { Message } from './message.ts';
import type { JsonSchema, Tool, ToolChoice } from './tool.ts';

export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof efforts)[number];

export type OutputFormat =
  | { kind: 'json-object' }
  | { kind: 'json-schema'; name: string; description?: string; schema: JsonSchema; strict: boolean };

/** Settings that a model may or may not honour. Each is a field of `GenerateRequest` of the same name. */
export const parameters = [
  'effort',
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'verbosity',
  'toolChoice',
  'parallelToolCalls',
  'outputFormat',
  'webSearch',
] as const;
export type Parameter = (typeof parameters)[number];

/** What a caller asks for, whatever dialect it was said in. A field left out means the model's own default. */
export interface GenerateRequest {
  model: string;
  /** The leading system and developer messages, joined. */
  system?: string;
  /** At least one. A `system` message in here came after the conversation began. */
  messages: Message[];
  tools: Tool[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  effort?: Effort;
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  stop?: string[];
  seed?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  verbosity?: 'low' | 'medium' | 'high';
  outputFormat?: OutputFormat;
  /** True when the caller asked for web search in this request. */
  webSearch?: boolean;
}
