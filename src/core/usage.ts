/** Tokens of one answer, as the CLI reports them. */
export interface Usage {
  /** All tokens read by the model: cached ones included. */
  inputTokens: number;
  /** All tokens written by the model: reasoning included. */
  outputTokens: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  reasoningTokens?: number;
  /** US dollars, only where the CLI says so. */
  costUsd?: number;
}

/** The sum of several usages; a field that none of them has stays absent. */
export function addUsage(first: Usage, second: Usage): Usage {
  const sum: Usage = {
    inputTokens: first.inputTokens + second.inputTokens,
    outputTokens: first.outputTokens + second.outputTokens,
  };
  for (const key of ['cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens', 'costUsd'] as const) {
    if (first[key] !== undefined || second[key] !== undefined) sum[key] = (first[key] ?? 0) + (second[key] ?? 0);
  }
  return sum;
}
