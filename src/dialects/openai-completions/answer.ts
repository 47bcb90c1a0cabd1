import type { FinishReason } from '../../core/event.ts';
import { addUsage, type Usage } from '../../core/usage.ts';
import type { AnswerContext } from '../dialect.ts';
import { type ChatUsage, toChatUsage } from '../openai-chat/usage.ts';
import type { CompletionOptions } from './decode.ts';

/** Why a text ends: calls do not happen, since no tools are offered. */
export const finishReasons = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'stop',
  'content-filter': 'content_filter',
} as const satisfies Record<FinishReason, string>;

/** One text among those of an answer, or a piece of one: `finish_reason` is null in all pieces but the last. */
export interface TextChoice<Reason = (typeof finishReasons)[FinishReason]> {
  text: string;
  index: number;
  logprobs: null;
  finish_reason: Reason;
}

/** A whole answer, or one chunk of a streamed one. */
export interface TextCompletion<Choice = TextChoice, TokenCounts = ChatUsage> {
  id: string;
  object: 'text_completion';
  created: number;
  model: string;
  choices: Choice[];
  usage?: TokenCounts;
}

/** With what the text of this choice begins. */
export function echoOf({ echoes, choicesPerPrompt }: CompletionOptions, index: number): string {
  return echoes?.[Math.floor(index / choicesPerPrompt)] ?? '';
}

/** What all parts of an answer repeat. */
export function answerHead({ id, createdAt }: Pick<AnswerContext, 'id' | 'createdAt'>) {
  return {
    id: `cmpl-${id}`,
    object: 'text_completion',
    created: Math.floor(createdAt.getTime() / 1000),
  } as const;
}

/** Token counts on the wire. Each prompt counts once, however many choices were made of it. */
export function toUsage(choices: readonly Usage[], { choicesPerPrompt }: CompletionOptions): ChatUsage {
  const prompts = choices.flatMap((first, index): Usage[] => {
    if (index % choicesPerPrompt > 0) return [];
    const total = choices.slice(index, index + choicesPerPrompt).reduce(addUsage);
    const { inputTokens, cacheReadTokens, cacheWriteTokens } = first;
    return [{ ...total, inputTokens, cacheReadTokens, cacheWriteTokens }];
  });
  return toChatUsage([prompts.reduce(addUsage)]);
}
