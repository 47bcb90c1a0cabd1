import type { Effort } from '../../core/request.ts';

/** How a model is told to think: by a level, or by a number of tokens. */
type Thinking = { thinkingLevel: string } | { thinkingBudget: number; includeThoughts: boolean };

const budgets: Partial<Record<Effort, number>> = { none: 0, minimal: 512, low: 1_024, medium: 8_192, high: 24_576 };
const levels: Partial<Record<Effort, string>> = { minimal: 'MINIMAL', low: 'LOW', medium: 'MEDIUM', high: 'HIGH' };

/** Families that think with a budget of tokens; newer ones take a level. */
const budgeted = /gemini-2\.5/;
/** They cannot rest, nor think as little or as moderately as the small ones. */
const pro = /-pro/;

/** The efforts of a model, each with the thinking that stands for it; the newest names are taken for newest models. */
export function effortsOf(model: string): Partial<Record<Effort, Thinking>> {
  if (budgeted.test(model)) {
    const entries = Object.entries(budgets).filter(([effort]) => !pro.test(model) || effort !== 'none');
    // Thoughts of a model that rests may not be asked for.
    const thinking = (thinkingBudget: number) => ({ thinkingBudget, includeThoughts: thinkingBudget > 0 });
    return Object.fromEntries(entries.map(([effort, budget]) => [effort, thinking(budget)]));
  }
  const entries = Object.entries(levels).filter(
    ([effort]) => !pro.test(model) || effort === 'low' || effort === 'high',
  );
  return Object.fromEntries(entries.map(([effort, thinkingLevel]) => [effort, { thinkingLevel }]));
}

/** The name under which the CLI knows a model with this effort: see `native-settings.ts`. */
export function withEffort(model: string, effort: Effort | undefined): string {
  return effort === undefined ? model : `${model}@${effort}`;
}
