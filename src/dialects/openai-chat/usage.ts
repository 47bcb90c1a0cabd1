import { addUsage, type Usage } from '../../core/usage.ts';

/** Token counts as the chat API spells them; the last two are the names that some agents look for. */
export interface ChatUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
  completion_tokens_details: { reasoning_tokens: number };
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

/** Token counts on the wire. The prompt counts once, however many choices were made of it. */
export function toChatUsage(choices: readonly Usage[]): ChatUsage {
  const total = choices.reduce(addUsage);
  const { outputTokens, reasoningTokens } = total;
  const { inputTokens, cacheReadTokens, cacheWriteTokens } = choices[0] ?? total;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: reasoningTokens ?? 0 },
    cache_creation_input_tokens: cacheWriteTokens ?? 0,
    cache_read_input_tokens: cacheReadTokens ?? 0,
  };
}
