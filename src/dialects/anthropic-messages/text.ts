import { z } from 'zod';
import type { TextPart } from '../../core/message.ts';
import { invalid, isObject, quote, read } from '../read.ts';

const wireText = z.object({ text: z.string() });

/** A string, or an array of text blocks; empty texts are left out. */
export function readTexts(content: unknown, at: string): TextPart[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalid(at, 'must be a string or an array of content blocks');
  return content.flatMap((block: unknown, index) => textPart(block, `${at}.${index}`));
}

/** A text block; nothing where its text is empty. */
export function textPart(block: unknown, at: string): TextPart[] {
  const type = blockType(block, at);
  if (type !== 'text') throw invalid(`${at}.type`, `is ${quote(type)}, where only text can stand`);
  const { text } = read(wireText, block, at);
  return text === '' ? [] : [{ type: 'text', text }];
}

/** The type of a content block. */
export function blockType(block: unknown, at: string): string {
  if (!isObject(block)) throw invalid(at, `must be an object, not ${quote(block)}`);
  if (block.type === undefined) throw invalid(`${at}.type`, 'is required');
  if (typeof block.type !== 'string') throw invalid(`${at}.type`, `must be a string, not ${quote(block.type)}`);
  return block.type;
}
