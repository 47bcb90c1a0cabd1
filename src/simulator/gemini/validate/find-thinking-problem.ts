import { isObject, type JsonObject } from '../../json.ts';

/** Budgets that each older model takes, beside -1, which leaves it to the model. */
const BUDGETS: readonly {
  readonly model: RegExp;
  readonly least: number;
  readonly most: number;
  readonly off: boolean;
}[] = [
  { model: /^gemini-2\.5-pro/, least: 128, most: 32_768, off: false },
  { model: /^gemini-2\.5-flash-lite/, least: 512, most: 24_576, off: true },
  { model: /^gemini-2\.5-flash/, least: 0, most: 24_576, off: true },
];

/** How much a model is to think: older models count tokens, newer ones have levels. */
export function findThinkingProblem({ generationConfig }: JsonObject, model: string): string | undefined {
  const config = isObject(generationConfig) ? generationConfig.thinkingConfig : undefined;
  if (!isObject(config)) return undefined;
  const { thinkingBudget: budget, thinkingLevel: level } = config;
  if (budget !== undefined && level !== undefined) {
    return 'You can only set only one of thinking budget and thinking level.';
  }
  const known = BUDGETS.find((one) => one.model.test(model));
  if (!known) return undefined;
  if (level !== undefined) return 'Thinking level is not supported for this model.';
  if (typeof budget !== 'number' || budget === -1 || (budget === 0 && known.off)) return undefined;
  if (budget === 0) return 'Budget 0 is invalid. This model only works in thinking mode.';
  return budget >= known.least && budget <= known.most
    ? undefined
    : `The thinking budget ${budget} is invalid. Please choose a value between ${known.least} and ${known.most}.`;
}
