import type { MessageDeltaUsage, Usage as WireUsage } from '@anthropic-ai/sdk/resources/messages';
import type { Usage } from '../../core/usage.ts';

/** Token counts on the wire: what came from the cache or went into it is counted apart from the rest of the input. */
export function toDeltaUsage(usage: Usage): MessageDeltaUsage {
  const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0, reasoningTokens } = usage;
  return {
    input_tokens: Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens),
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cacheReadTokens,
    output_tokens: outputTokens,
    output_tokens_details: reasoningTokens === undefined ? null : { thinking_tokens: reasoningTokens },
    server_tool_use: null,
  };
}

/** The token counts of a whole message. */
export function toUsage(usage: Usage): WireUsage {
  const counts = toDeltaUsage(usage);
  return {
    ...counts,
    input_tokens: counts.input_tokens ?? 0,
    cache_creation: null,
    inference_geo: null,
    service_tier: null,
    speed: null,
  };
}
