import { z } from 'zod';
import type { Effort } from '../../core/request.ts';
import { read } from '../read.ts';
import { type Field, field, fields } from './fields.ts';

const levels = ['minimal', 'low', 'medium', 'high', 'thinking_level_unspecified'] as const;
const wireThinking = fields({
  includeThoughts: z.boolean().nullish(),
  thinkingBudget: z.int().min(-1).nullish(),
  thinkingLevel: z
    .string()
    .transform((level) => level.toLowerCase())
    .pipe(z.enum(levels, "must be 'MINIMAL', 'LOW', 'MEDIUM' or 'HIGH'"))
    .nullish(),
});

/** The most tokens of thinking for which each effort stands. */
const budgets: readonly [tokens: number, effort: Effort][] = [
  [0, 'none'],
  [512, 'minimal'],
  [4_096, 'low'],
  [16_384, 'medium'],
  [24_576, 'high'],
];

interface Thinking {
  /** The caller wants to read the thoughts. */
  includeThoughts: boolean;
  /** Left out where the model decides. */
  effort?: Effort;
  /** Where the caller said so. */
  effortAt: string;
}

/** How a model is to think. A level is an effort by another name; a budget in tokens is one by its size, -1 is none. */
export function readThinking({ value, at }: Field): Thinking {
  if (value === undefined) return { includeThoughts: false, effortAt: at };
  const { includeThoughts, thinkingBudget, thinkingLevel } = read(wireThinking, value, at);
  const byLevel = thinkingLevel && thinkingLevel !== 'thinking_level_unspecified' ? thinkingLevel : undefined;
  const effort = byLevel ?? effortOf(thinkingBudget ?? -1);
  const name = byLevel ? 'thinkingLevel' : 'thinkingBudget';
  const effortAt = field(value as Record<string, unknown>, name, at).at;
  return { includeThoughts: includeThoughts === true, ...(effort && { effort }), effortAt };
}

function effortOf(budget: number): Effort | undefined {
  if (budget < 0) return undefined;
  return budgets.find(([most]) => budget <= most)?.[1] ?? 'xhigh';
}
