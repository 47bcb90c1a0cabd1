import { z } from 'zod';
import type { ReasoningPart } from '../../core/message.ts';
import { invalid, read } from '../read.ts';
import type { ItemPlace } from './item-reader.ts';
import { openReasoningPart, openSummary } from './sealed-text.ts';

const wireTexts = z.array(z.object({ text: z.string() }));
const wireReasoning = z.object({
  summary: wireTexts.nullish(),
  content: wireTexts.nullish(),
  encrypted_content: z.string().nullish(),
});
const wireCompaction = z.object({ encrypted_content: z.string() });

/** Reasoning of an earlier answer. What another server has encrypted is left out: nobody here can use it. */
export function readReasoning(item: unknown, { at, conversation }: ItemPlace): void {
  const { summary, content, encrypted_content: sealed } = read(wireReasoning, item, at);
  const told = summary?.length ? summary : (content ?? []);
  const text = told.map((part) => part.text).join('\n\n');
  const own = sealed ? openReasoningPart(sealed) : undefined;
  const part: ReasoningPart = own ?? { type: 'reasoning', text };
  if (part.text !== '' || part.origin !== undefined) conversation.addAnswer(part);
}

/** A summary, in the place of the conversation that it sums up. */
export function readCompaction(item: unknown, { at, conversation }: ItemPlace): void {
  const summary = openSummary(read(wireCompaction, item, at).encrypted_content);
  if (summary === undefined) {
    throw invalid(`${at}.encrypted_content`, 'was made by another server: only its maker can read a compaction');
  }
  const text = `The conversation up to here has been replaced by this summary of it:\n\n${summary}`;
  conversation.add({ role: 'user', content: [{ type: 'text', text }] });
}
