import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';

/** The usage of the whole answer: here the prompt counts what came from the cache, and the answer its reasoning. */
export function measureUsage({ usage, steps }: Plan, inputSize: number): JsonObject {
  const { cacheRead = 0, cacheWrite = 0 } = usage;
  const prompt = (usage.input ?? estimateTokens(inputSize)) + cacheRead + cacheWrite;
  const reasoningSize = sum(steps.map((step) => (step.type === 'thinking' ? step.text.length : 0)));
  const textSize = sum(steps.map((step) => (step.type === 'text' ? step.text.length : 0)));
  const callSize = sum(
    steps.map((step) => (step.type === 'call' ? step.name.length + JSON.stringify(step.arguments).length : 0)),
  );
  const completion = usage.output ?? Math.max(1, estimateTokens(reasoningSize + textSize + callSize));
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: cacheRead,
      ...(cacheWrite > 0 && { cache_creation_input_tokens: cacheWrite }),
    },
    completion_tokens_details: { reasoning_tokens: Math.min(completion, estimateTokens(reasoningSize)) },
  };
}

/** Roughly what a tokenizer would say of so many characters. */
function estimateTokens(characters: number): number {
  return Math.ceil(characters / 4);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
