import { isObject, type JsonObject } from '../../json.ts';

/** What thinking does not go together with. */
export function findThinkingProblem(body: JsonObject): string | undefined {
  const { thinking, temperature, tool_choice: choice, max_tokens: maxTokens } = body;
  if (!isObject(thinking) || (thinking.type !== 'enabled' && thinking.type !== 'adaptive')) return undefined;
  if (temperature !== undefined && temperature !== 1) {
    return '`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.';
  }
  if (isObject(choice) && (choice.type === 'any' || choice.type === 'tool')) {
    return 'Thinking may not be enabled when tool_choice forces tool use.';
  }
  if (thinking.type === 'adaptive') return undefined;
  const { budget_tokens: budget } = thinking;
  if (!Number.isInteger(budget)) return 'thinking.enabled.budget_tokens: Field required';
  if (Number(budget) < 1024) {
    return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024';
  }
  if (maxTokens !== undefined && Number(budget) >= Number(maxTokens)) {
    return '`max_tokens` must be greater than `thinking.budget_tokens`.';
  }
  return undefined;
}
