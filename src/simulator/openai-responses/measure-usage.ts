import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';

/** The usage of the whole answer, in OpenAI's shape: input counts what the cache has read and written too. */
export function measureUsage(plan: Plan, inputSize: number): JsonObject {
  const { input = estimateTokens(inputSize), cacheRead = 0, cacheWrite = 0 } = plan.usage;
  const reasoningSize = sizeOf(plan, ['thinking']);
  const output = plan.usage.output ?? estimateTokens(reasoningSize + sizeOf(plan, ['text', 'call']));
  const total = input + cacheRead + cacheWrite;
  return {
    input_tokens: total,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: output,
    output_tokens_details: {
      reasoning_tokens: reasoningSize > 0 ? Math.min(output, estimateTokens(reasoningSize)) : 0,
    },
    total_tokens: total + output,
  };
}

/** Roughly what a tokenizer would say of so many characters; never 0. */
function estimateTokens(characters: number): number {
  return Math.max(1, Math.ceil(characters / 4));
}

function sizeOf(plan: Plan, types: readonly string[]): number {
  return plan.steps.reduce((size, step) => {
    if (!types.includes(step.type)) return size;
    if (step.type === 'text' || step.type === 'thinking') return size + step.text.length;
    if (step.type === 'call') return size + step.name.length + JSON.stringify(step.arguments).length;
    return size;
  }, 0);
}
