import { anthropic } from './anthropic/anthropic.ts';
import { gemini } from './gemini/gemini.ts';
import { openaiChat } from './openai-chat/openai-chat.ts';
import { openaiResponses } from './openai-responses/openai-responses.ts';
import type { Wire } from './wire.ts';

/** Every simulated API. */
const wires: readonly Wire[] = [anthropic, gemini, openaiChat, openaiResponses];

/** The API that a path belongs to; a path that nobody knows is refused by the first of them. */
export function wireOf(path: string): Wire {
  return wires.find((wire) => wire.serves(path)) ?? anthropic;
}
