import { z } from 'zod';
import { anything, listOf, read } from '../read.ts';
import { readContent } from './content.ts';
import type { ItemPlace } from './item-reader.ts';

const wireMessage = z.object({ role: z.enum(['user', 'assistant', 'system', 'developer']), content: anything });
const wireAgentMessage = z.object({ author: z.string().nullish(), content: listOf });
const wireAgentPart = z.object({ text: z.string().nullish(), encrypted_content: z.string().nullish() });

export function readMessage(item: unknown, { at, conversation, reading }: ItemPlace): void {
  const { role, content } = read(wireMessage, item, at);
  const place = `${at}.content`;
  if (role === 'assistant') {
    for (const part of readContent(content, 'assistant', place, reading)) conversation.addAnswer(part);
    return;
  }
  if (role !== 'user') {
    conversation.add({ role: 'system', content: readContent(content, 'system', place, reading) });
    return;
  }
  const parts = readContent(content, 'user', place, reading);
  if (parts.length === 0) parts.push({ type: 'text', text: '' });
  conversation.add({ role: 'user', content: parts });
}

/** What one agent of the caller's tells another. What should be encrypted in it is here the text that a model wrote. */
export function readAgentMessage(item: unknown, { at, conversation }: ItemPlace): void {
  const { author, content } = read(wireAgentMessage, item, at);
  const texts = content.map((part, index) => {
    const { text, encrypted_content: encrypted } = read(wireAgentPart, part, `${at}.content[${index}]`);
    return text ?? encrypted ?? '';
  });
  conversation.add({
    role: 'user',
    content: [{ type: 'text', text: texts.join('\n') }],
    ...(author && { name: author }),
  });
}
