import type { Usage } from '../../core/usage.ts';
import type { PromptResult, SessionUpdate } from '../acp/wire.ts';

interface Counts {
  input: number;
  output: number;
  thought?: number;
  cacheRead?: number;
  cacheWrite?: number;
  total?: number;
}

/**
 * What one agent tells of a session's cost. Figures are the agent's own: where it gives none they are 0, and an answer
 * that ends in a tool call has none yet, since agents tell them at the end of the prompt.
 */
export class SessionUsage {
  #costUsd: number | undefined;
  #told = 0;

  /** Dollars come as the sum of the whole session. */
  observe({ cost }: SessionUpdate): void {
    if (cost?.currency === 'USD' && typeof cost.amount === 'number') this.#costUsd = cost.amount;
  }

  /** What has come to be known since the last time. */
  take(result?: PromptResult): Usage {
    const usage = readUsage(result);
    if (this.#costUsd === undefined) return usage;
    const costUsd = this.#costUsd - this.#told;
    this.#told = this.#costUsd;
    return { ...usage, costUsd };
  }
}

function readUsage(result: PromptResult | undefined): Usage {
  const quota = result?._meta?.quota as { token_count?: unknown } | undefined;
  const counts = readCounts(result?.usage) ?? readCounts(result?._meta?.usage) ?? readCounts(quota?.token_count);
  if (counts === undefined) return { inputTokens: 0, outputTokens: 0 };
  const { input, output, thought = 0, cacheRead = 0, cacheWrite = 0, total } = counts;
  // Some count what was cached, or thought, once more on its own; the total tells.
  const isCacheApart = cacheRead + cacheWrite > 0 && (total ?? 0) >= input + output + cacheRead + cacheWrite;
  const inputTokens = isCacheApart ? input + cacheRead + cacheWrite : input;
  const isThoughtApart = thought > 0 && (total ?? 0) >= inputTokens + output + thought;
  return {
    inputTokens,
    outputTokens: isThoughtApart ? output + thought : output,
    ...(counts.cacheRead !== undefined && { cacheReadTokens: counts.cacheRead }),
    ...(counts.cacheWrite !== undefined && { cacheWriteTokens: counts.cacheWrite }),
    ...(counts.thought !== undefined && { reasoningTokens: counts.thought }),
  };
}

function readCounts(value: unknown): Counts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const first = (...names: string[]) =>
    names.map((name) => fields[name]).find((field): field is number => typeof field === 'number');
  const [input, output] = [first('inputTokens', 'input_tokens'), first('outputTokens', 'output_tokens')];
  if (input === undefined || output === undefined) return undefined;
  return {
    input,
    output,
    thought: first('thoughtTokens', 'thought_tokens'),
    cacheRead: first('cachedReadTokens', 'cached_read_tokens'),
    cacheWrite: first('cachedWriteTokens', 'cached_write_tokens'),
    total: first('totalTokens', 'total_tokens'),
  };
}
