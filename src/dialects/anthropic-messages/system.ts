import { z } from 'zod';
import type { TextPart } from '../../core/message.ts';
import { efforts } from '../../core/request.ts';
import { anyObject, anything, invalid, quote, read } from '../read.ts';
import type { Reading } from './reading.ts';
import { blockType, readTexts, textPart } from './text.ts';
import { blocksOf } from './user-content.ts';

const wireSystemMessage = z.object({
  content: anything,
  output_config: z.object({ effort: z.enum(efforts).nullish() }).nullish(),
  clear_at: z.enum(['next_user_message', 'never']).nullish(),
});
const wireChange = z.object({ tool: anyObject });
const wireReference = z.object({ type: z.string(), name: z.string().nullish(), definition: anything });
const wireDefinition = z.object({ name: z.string().min(1) });

/** Some clients put a line for the API's accounting in front of the prompt: no instruction to any model. */
const accountingLine = 'x-anthropic-billing-header:';

/** The system prompt, from a string or blocks; undefined where it says nothing. */
export function readSystem(value: unknown): string | undefined {
  const texts = readTexts(value, 'system').map(({ text }) => text);
  const [first] = texts;
  if (first?.startsWith(accountingLine) && !first.includes('\n')) texts.shift();
  return texts.length > 0 ? texts.join('\n\n') : undefined;
}

/**
 * A system message in the middle of the conversation: its text, which is none where it was only meant for a turn that
 * is over. What it changes of the tools and the effort goes into the reading.
 */
export function readSystemMessage(
  value: unknown,
  at: string,
  { reading, turnIsOver }: { reading: Reading; turnIsOver: boolean },
): TextPart[] {
  const { content, output_config: output, clear_at: clearAt } = read(wireSystemMessage, value, at);
  if (output?.effort) reading.effort = { value: output.effort, at: `${at}.output_config.effort` };
  const parts = blocksOf(content, `${at}.content`).flatMap(([block, place]) => readBlock(block, place, reading));
  return clearAt === 'next_user_message' && turnIsOver ? [] : parts;
}

function readBlock(block: unknown, at: string, reading: Reading): TextPart[] {
  const type = blockType(block, at);
  if (type === 'text') return textPart(block, at);
  if (type !== 'tool_addition' && type !== 'tool_removal') {
    throw invalid(`${at}.type`, `is ${quote(type)}, which a system message cannot hold`);
  }
  const { tool } = read(wireChange, block, at);
  const { type: kind, name, definition } = read(wireReference, tool, `${at}.tool`);
  const available = type === 'tool_addition';
  if (kind === 'tool_definition') {
    const place = `${at}.tool.definition`;
    const defined = read(wireDefinition, definition, place).name;
    reading.toolChanges.push({ name: defined, available, definition: { value: definition, at: place } });
  } else if (kind === 'tool_reference' && name) {
    reading.toolChanges.push({ name, available });
  } else {
    // A tool of a server that the model's API would talk to.
    reading.ignored.add('mcp_servers');
  }
  return [];
}
