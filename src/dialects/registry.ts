import { anthropicMessages } from './anthropic-messages/anthropic-messages.ts';
import type { Dialect } from './dialect.ts';
import { gemini } from './gemini/gemini.ts';
import { openaiChat } from './openai-chat/openai-chat.ts';
import { openaiCompletions } from './openai-completions/openai-completions.ts';
import { openaiCompaction, openaiResponses } from './openai-responses/openai-responses.ts';

/** Every API that clients may speak; the first speaks for paths that belong to none. */
export const dialects: readonly [Dialect, ...Dialect[]] = [
  openaiChat,
  openaiCompletions,
  openaiResponses,
  openaiCompaction,
  anthropicMessages,
  gemini,
] as [Dialect, ...Dialect[]];
