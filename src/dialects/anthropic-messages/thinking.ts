import { z } from 'zod';
import { type Effort, efforts } from '../../core/request.ts';
import { anything, invalid, read } from '../read.ts';
import type { Reading } from './reading.ts';

const wireThinking = z.object({
  type: z.enum(['enabled', 'disabled', 'adaptive', 'between_tools']),
  budget_tokens: z.number().min(0).nullish(),
});
const wireOutput = z.object({ effort: z.enum(efforts).nullish(), format: anything, task_budget: anything });

/** An effort, and the name that the caller used for it. */
interface AskedEffort {
  value: Effort;
  name: string;
}

/** Budgets of thinking tokens, each the first that is no longer the effort beside it. */
const budgets: readonly (readonly [below: number, effort: Effort])[] = [
  [2_048, 'minimal'],
  [8_192, 'low'],
  [24_576, 'medium'],
  [32_768, 'high'],
  [65_536, 'xhigh'],
  [Number.POSITIVE_INFINITY, 'max'],
];

/**
 * How hard the model is to think; undefined for its own default, which is what `adaptive` asks for. Thinking that is
 * switched off wins; then the effort of the latest system message, then that of the request, then the budget.
 */
export function readEffort(body: Record<string, unknown>, reading: Reading): AskedEffort | undefined {
  const thinking = read(wireThinking.nullish(), body.thinking, 'thinking');
  const named = reading.effort ?? readOutputEffort(body.output_config);
  if (thinking?.type === 'disabled') {
    // The effort of an answer without thinking is nothing that the neutral model knows.
    if (named) reading.ignored.add(named.at);
    return { value: 'none', name: 'thinking' };
  }
  if (thinking?.type === 'between_tools') reading.ignored.add('thinking');
  if (named) return { value: named.value, name: named.at };
  if (thinking?.type !== 'enabled') return undefined;
  const name = 'thinking.budget_tokens';
  const budget = thinking.budget_tokens;
  if (budget === undefined || budget === null) throw invalid(name, 'is required');
  return { value: budgets.find(([below]) => budget < below)?.[1] ?? 'max', name };
}

function readOutputEffort(value: unknown): Reading['effort'] {
  const effort = read(wireOutput.nullish(), value, 'output_config')?.effort;
  return effort ? { value: effort, at: 'output_config.effort' } : undefined;
}
