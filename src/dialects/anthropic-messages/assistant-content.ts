import { z } from 'zod';
import type { AssistantPart, ReasoningPart } from '../../core/message.ts';
import { anyObject, checkNesting, invalid, quote, read } from '../read.ts';
import { openReasoningSeal } from '../reasoning-seal.ts';
import { isServerBlock, serverBlockText } from './server-blocks.ts';
import { blockType, textPart } from './text.ts';
import { blocksOf } from './user-content.ts';

/** Who signed reasoning that carries no seal of ours: it comes from a conversation with the API of that name itself. */
const apiOrigin = 'anthropic';

const wireThinking = z.object({ thinking: z.string(), signature: z.string().nullish() });
const wireRedacted = z.object({ data: z.string() });
const wireCall = z.object({ id: z.string().min(1), name: z.string().min(1), input: anyObject });
const wireCompaction = z.object({ content: z.string().nullish() });

/** What an earlier answer said, and where in the body the ids of its calls stand. */
interface AssistantContent {
  parts: AssistantPart[];
  idsAt: string[];
}

/** Reads an assistant message's content; `at` is its place in the body. */
export function readAssistantContent(content: unknown, at: string): AssistantContent {
  const parts: AssistantPart[] = [];
  const idsAt: string[] = [];
  for (const [block, place] of blocksOf(content, at)) {
    for (const part of readBlock(block, place)) {
      parts.push(part);
      if (part.type === 'tool-call') idsAt.push(`${place}.id`);
    }
  }
  return { parts, idsAt };
}

function readBlock(block: unknown, at: string): AssistantPart[] {
  const type = blockType(block, at);
  switch (type) {
    case 'text':
      return textPart(block, at);
    case 'thinking':
      return readThinking(block, at);
    case 'redacted_thinking': {
      const { data } = read(wireRedacted, block, at);
      const seal = openReasoningSeal(data) ?? { origin: apiOrigin, encrypted: data };
      return data === '' ? [] : [{ type: 'reasoning', text: '', ...seal }];
    }
    case 'tool_use':
      return [readCall(block, at)];
    case 'compaction':
      return textPart({ type: 'text', text: read(wireCompaction, block, at).content ?? '' }, at);
    case 'fallback':
      // Says only which model took over from which.
      return [];
    default:
      if (isServerBlock(type)) return [{ type: 'text', text: serverBlockText(type, block, at) }];
      throw invalid(`${at}.type`, `must be text, thinking, redacted_thinking or tool_use, not ${quote(type)}`);
  }
}

function readThinking(block: unknown, at: string): ReasoningPart[] {
  const { thinking: text, signature } = read(wireThinking, block, at);
  if (signature)
    return [{ type: 'reasoning', text, ...(openReasoningSeal(signature) ?? { origin: apiOrigin, signature }) }];
  return text === '' ? [] : [{ type: 'reasoning', text }];
}

function readCall(block: unknown, at: string): AssistantPart {
  const { id, name, input } = read(wireCall, block, at);
  checkNesting(input, `${at}.input`);
  return { type: 'tool-call', call: { kind: 'function', id, name, arguments: JSON.stringify(input) } };
}
