import { z } from 'zod';
import { efforts } from '../../core/request.ts';
import { readOutputFormat } from '../openai-chat/output-format.ts';
import { anything, read } from '../read.ts';
import type { ItemPlace } from './item-reader.ts';

const wireUpdate = z.object({
  reasoning: z.object({ effort: z.enum(efforts).nullish() }).nullish(),
  text: z.object({ format: anything }).nullish(),
});

/** Settings that change in the middle of a conversation: the last ones are those of the answer. */
export function readUpdate(item: unknown, { at, reading }: ItemPlace): void {
  const { reasoning, text } = read(wireUpdate, item, at);
  if (reasoning?.effort) reading.effort = { value: reasoning.effort, at: `${at}.reasoning.effort` };
  const format = `${at}.text.format`;
  if (text?.format) reading.format = { value: readOutputFormat(text.format, format), at: format };
}
