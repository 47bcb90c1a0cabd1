import type { ToolCall } from './tool.ts';
import type { Usage } from './usage.ts';

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter';

/** A web source that the answer's text refers to: `start` and `end` are UTF-16 offsets into that text. */
export interface Citation {
  url: string;
  title: string;
  start: number;
  end: number;
}

/**
 * One answer as it is made. `start` comes first and `finish` last, both once; a failure is a thrown `GatewayError`.
 * Tool calls of one answer count their `index` from 0; each has one start, any number of deltas, and one end.
 */
export type StreamEvent =
  | { type: 'start'; model: string }
  | { type: 'text-delta'; text: string }
  | { type: 'refusal-delta'; text: string }
  | { type: 'reasoning-delta'; text: string }
  | { type: 'reasoning-end'; signature?: string; encrypted?: string; origin: string }
  | { type: 'tool-call-start'; index: number; kind: ToolCall['kind']; id: string; name: string }
  | { type: 'tool-call-delta'; index: number; arguments: string }
  | { type: 'tool-call-end'; index: number; call: ToolCall }
  | { type: 'citation'; citation: Citation }
  | { type: 'finish'; reason: FinishReason; stopSequence?: string; usage: Usage };
