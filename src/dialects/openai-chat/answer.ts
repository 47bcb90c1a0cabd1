import type { Citation, FinishReason } from '../../core/event.ts';
import type { ToolCall } from '../../core/tool.ts';

/** Why an answer ended: the chat API knows no other word. */
export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export const finishReasons: Record<FinishReason, ChatFinishReason> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
};

export interface Annotation {
  type: 'url_citation';
  url_citation: { url: string; title: string; start_index: number; end_index: number };
}

/** A citation on the wire. */
export function toAnnotation({ url, title, start, end }: Citation): Annotation {
  return { type: 'url_citation', url_citation: { url, title, start_index: start, end_index: end } };
}

/** The arguments of a call as callers may parse them: a function that takes none still gets an object. */
export function completeArguments({ kind, arguments: text }: ToolCall): string {
  return kind === 'function' && text === '' ? '{}' : text;
}

/** The part of an answer that every chunk repeats. */
export function answerHead(context: { id: string; createdAt: Date }): { id: string; created: number } {
  return { id: `chatcmpl-${context.id}`, created: Math.floor(context.createdAt.getTime() / 1000) };
}
