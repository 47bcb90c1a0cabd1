import { z } from 'zod';
import type { AssistantMessage, Message } from '../../core/message.ts';
import { anything, isObject, listOf, read } from '../read.ts';
import { readAssistantContent } from './assistant-content.ts';
import type { Reading } from './reading.ts';
import { readSystemMessage } from './system.ts';
import { readUserContent } from './user-content.ts';

/**
 * A message with the places in the caller's body where its ids stand: one for each tool call of an assistant message,
 * one for the call that a tool message answers.
 */
export interface LocatedMessage {
  message: Message;
  idsAt: string[];
}

const wireMessage = z.object({ role: z.enum(['user', 'assistant', 'system']), content: anything });
const wireMessages = listOf.refine((messages) => messages.length > 0, 'must not be empty');

/** The messages of a body, in order; those of the system that say nothing are left out. */
export function readMessages(value: unknown, reading: Reading): LocatedMessage[] {
  const messages = read(wireMessages, value, 'messages');
  const lastUser = messages.findLastIndex((message) => isObject(message) && message.role === 'user');
  const located: LocatedMessage[] = [];
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`;
    const { role, content } = read(wireMessage, message, at);
    const contentAt = `${at}.content`;
    if (role === 'user') {
      located.push(...readUser(content, contentAt, reading));
    } else if (role === 'system') {
      const texts = readSystemMessage(message, at, { reading, turnIsOver: index < lastUser });
      if (texts.length > 0) located.push({ message: { role, content: texts }, idsAt: [] });
    } else {
      const { parts, idsAt } = readAssistantContent(content, contentAt);
      addAnswer(located, { role, content: parts }, idsAt);
    }
  }
  return located;
}

function readUser(content: unknown, at: string, reading: Reading): LocatedMessage[] {
  const { results, parts } = readUserContent(content, at, reading);
  const located: LocatedMessage[] = results.map(({ message, idAt }) => ({ message, idsAt: [idAt] }));
  if (parts.length === 0 && results.length === 0) parts.push({ type: 'text', text: '' });
  if (parts.length > 0) located.push({ message: { role: 'user', content: parts }, idsAt: [] });
  return located;
}

/** Answers that follow each other are one. */
function addAnswer(located: LocatedMessage[], answer: AssistantMessage, idsAt: string[]): void {
  const last = located.at(-1);
  if (last?.message.role === 'assistant') {
    last.message.content.push(...answer.content);
    last.idsAt.push(...idsAt);
  } else if (answer.content.length > 0) {
    located.push({ message: answer, idsAt });
  }
}
