import { addUsage, type Usage } from '../../core/usage.ts';

/** Token counts as this API spells them: thoughts are counted apart from what is read. */
export interface UsageMetadata {
  promptTokenCount: number;
  candidatesTokenCount: number;
  totalTokenCount: number;
  cachedContentTokenCount?: number;
  thoughtsTokenCount?: number;
}

/** Token counts on the wire. The prompt counts once, however many candidates were made of it; undefined without any. */
export function toUsageMetadata(candidates: readonly Usage[]): UsageMetadata | undefined {
  const [first] = candidates;
  if (!first) return undefined;
  const { outputTokens, reasoningTokens = 0 } = candidates.reduce(addUsage);
  const { inputTokens, cacheReadTokens = 0 } = first;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: Math.max(outputTokens - reasoningTokens, 0),
    totalTokenCount: inputTokens + Math.max(outputTokens, reasoningTokens),
    ...(cacheReadTokens > 0 && { cachedContentTokenCount: cacheReadTokens }),
    ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
  };
}
