import type { SystemMessage, UserMessage } from './message.ts';

/** How a system message in the middle of a conversation reaches a model that takes none there: as marked user text. */
export function systemAsUserMessage(message: SystemMessage): UserMessage {
  const text = message.content.map((part) => part.text).join('\n\n');
  return { role: 'user', content: [{ type: 'text', text: `<system>\n${text}\n</system>` }] };
}
