import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';

/** Roughly what a tokenizer would say of so many characters; never 0. */
export function estimateTokens(characters: number): number {
  return Math.max(1, Math.ceil(characters / 4));
}

/** The usage of the whole answer, in Anthropic's shape. */
export function measureUsage(plan: Plan, inputSize: number): JsonObject {
  const { input, output, cacheRead = 0, cacheWrite = 0 } = plan.usage;
  const searches = plan.steps.filter((step) => step.type === 'web-search').length;
  return {
    input_tokens: input ?? estimateTokens(inputSize),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: output ?? estimateTokens(outputSize(plan)),
    ...(searches > 0 && { server_tool_use: { web_search_requests: searches, web_fetch_requests: 0 } }),
  };
}

function outputSize(plan: Plan): number {
  return plan.steps.reduce((size, step) => {
    if (step.type === 'text' || step.type === 'thinking') return size + step.text.length;
    if (step.type === 'call') return size + step.name.length + JSON.stringify(step.arguments).length;
    return size;
  }, 0);
}
