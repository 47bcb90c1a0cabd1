import type {
  CitationsWebSearchResultLocation,
  RedactedThinkingBlock,
  TextBlock,
  ThinkingBlock,
  ToolUseBlock,
} from '@anthropic-ai/sdk/resources/messages';
import type { Citation } from '../../core/event.ts';
import type { ReasoningPart } from '../../core/message.ts';
import type { ToolCall } from '../../core/tool.ts';
import { sealReasoning } from '../reasoning-seal.ts';
import type { MessageOptions } from './options.ts';

/** The kinds of block that an answer is made of. */
export type AnswerBlock = TextBlock | ThinkingBlock | RedactedThinkingBlock | ToolUseBlock;

export function textBlock(text: string): TextBlock {
  return { type: 'text', text, citations: null };
}

export function toolUseBlock({ id, name }: Pick<ToolCall, 'id' | 'name'>, input: unknown): ToolUseBlock {
  return { type: 'tool_use', id, name, input, caller: { type: 'direct' } };
}

/**
 * A piece of reasoning; undefined where it says nothing and no provider could want it back. Text that the caller does
 * not want to see goes into the seal: a provider takes its own back only with the very text that it signed.
 */
export function reasoningBlock(
  { text, origin, signature, encrypted }: Omit<ReasoningPart, 'type'>,
  { showsThinking }: MessageOptions,
): ThinkingBlock | RedactedThinkingBlock | undefined {
  if (text === '' && signature === undefined && encrypted === undefined) return undefined;
  const hidden = showsThinking || text === '' ? undefined : text;
  const seal = sealReasoning({ origin, signature, encrypted, text: hidden }) ?? '';
  if (text === '' && signature === undefined) return { type: 'redacted_thinking', data: seal };
  if (hidden !== undefined && seal === '') return undefined;
  return { type: 'thinking', thinking: showsThinking ? text : '', signature: seal };
}

/**
 * A web source. The API has no place for where in the answer it is referred to, nor do we know the source's own words:
 * the opaque index holds the one, the other is left empty.
 */
export function toWireCitation({ url, title, start, end }: Citation): CitationsWebSearchResultLocation {
  return { type: 'web_search_result_location', url, title, cited_text: '', encrypted_index: `${start}-${end}` };
}

/** The input of a call as JSON text: a custom tool's free text is the one field of an object. */
export function inputText({ kind, arguments: text }: Pick<ToolCall, 'kind' | 'arguments'>): string {
  if (kind === 'custom') return JSON.stringify({ input: text });
  return text.trim() === '' ? '{}' : text;
}
