import { z } from 'zod';
import type { FilePart, ImagePart, TextPart, ToolMessage } from '../../core/message.ts';
import { anything, checkNesting, invalid, quote, read } from '../read.ts';
import { readDocument, readSearchResult } from './document.ts';
import { readImage } from './image.ts';
import type { Reading } from './reading.ts';
import { blockType, textPart } from './text.ts';

/** What a user, and a tool, can say. */
type SaidPart = TextPart | ImagePart | FilePart;

const wireResult = z.object({
  tool_use_id: z.string().min(1),
  content: anything,
  is_error: z.boolean().nullish(),
});
const wireReference = z.object({ tool_name: z.string().min(1) });

/** A user message's content: the results of tools, which come first, and what the user says beside them. */
interface UserContent {
  results: { message: ToolMessage; idAt: string }[];
  parts: SaidPart[];
}

/** Reads a user message's content; `at` is its place in the body. */
export function readUserContent(content: unknown, at: string, reading: Reading): UserContent {
  const results: UserContent['results'] = [];
  const parts: SaidPart[] = [];
  for (const [block, place] of blocksOf(content, at)) {
    if (blockType(block, place) === 'tool_result') results.push(readResult(block, place, reading));
    else parts.push(...readSaid(block, place, reading));
  }
  return { results, parts };
}

/** The blocks of a content, with their places; a string stands for one text block. */
export function blocksOf(content: unknown, at: string): [block: unknown, at: string][] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [[{ type: 'text', text: content }, at]];
  if (!Array.isArray(content)) throw invalid(at, 'must be a string or an array of content blocks');
  return content.map((block: unknown, index) => [block, `${at}.${index}`]);
}

function readResult(block: unknown, at: string, reading: Reading): UserContent['results'][number] {
  const { tool_use_id: callId, content, is_error: isError } = read(wireResult, block, at);
  const parts = blocksOf(content, `${at}.content`).flatMap(([inner, place]): SaidPart[] => {
    switch (blockType(inner, place)) {
      case 'tool_reference': {
        const { tool_name: name } = read(wireReference, inner, place);
        reading.toolChanges.push({ name, available: true });
        return [{ type: 'text', text: `The tool ${name} is available now.` }];
      }
      case 'browser_state':
        checkNesting(inner, place);
        return [{ type: 'text', text: JSON.stringify(inner) }];
      default:
        return readSaid(inner, place, reading);
    }
  });
  return {
    message: { role: 'tool', callId, content: parts, ...(isError === true && { isError }) },
    idAt: `${at}.tool_use_id`,
  };
}

function readSaid(block: unknown, at: string, reading: Reading): SaidPart[] {
  const type = blockType(block, at);
  switch (type) {
    case 'text':
      return textPart(block, at);
    case 'image':
      return [readImage(block, at, reading)];
    case 'document':
      return readDocument(block, at, reading);
    case 'search_result':
      return readSearchResult(block, at, reading);
    case 'container_upload':
      throw invalid(`${at}.file_id`, 'names an uploaded file, which this server does not keep: send the file itself');
    default:
      throw invalid(`${at}.type`, `must be text, image, document, search_result or tool_result, not ${quote(type)}`);
  }
}
