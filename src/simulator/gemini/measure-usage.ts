import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';

/** Roughly what a tokenizer would say of so many characters; never 0. */
export function estimateTokens(characters: number): number {
  return Math.max(1, Math.ceil(characters / 4));
}

/** The usage before anything is said: the prompt's count has what comes from the cache in it. */
export function measurePrompt({ usage }: Plan, inputSize: number): JsonObject & { readonly totalTokenCount: number } {
  const { input = estimateTokens(inputSize), cacheRead = 0, cacheWrite = 0 } = usage;
  const total = input + cacheRead + cacheWrite;
  return {
    promptTokenCount: total,
    ...(cacheRead > 0 && { cachedContentTokenCount: cacheRead }),
    totalTokenCount: total,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: total }],
  };
}

/** The usage of the whole answer: a script's output is parted into thoughts and what follows them. */
export function measureUsage(plan: Plan, inputSize: number): JsonObject {
  const prompt = measurePrompt(plan, inputSize);
  const thinking = sizeOf(plan, true);
  const output = plan.usage.output ?? estimateTokens(sizeOf(plan, false) + thinking);
  const thoughts = thinking > 0 ? Math.min(estimateTokens(thinking), output) : 0;
  return {
    ...prompt,
    candidatesTokenCount: output - thoughts,
    totalTokenCount: prompt.totalTokenCount + output,
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  };
}

function sizeOf(plan: Plan, thinking: boolean): number {
  return plan.steps.reduce((size, step) => {
    if (step.type === 'thinking') return thinking ? size + step.text.length : size;
    if (thinking) return size;
    if (step.type === 'text') return size + step.text.length;
    if (step.type === 'call') return size + step.name.length + JSON.stringify(step.arguments).length;
    return size;
  }, 0);
}
