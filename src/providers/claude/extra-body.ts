import type { GenerateRequest } from '../../core/request.ts';
import type { ToolNames } from '../tool-names.ts';
import { strictSchema } from './strict-schema.ts';

/** Tokens of thinking for models that are given a budget instead of an effort. */
const budgets = { minimal: 1_024, low: 4_096, medium: 12_288, high: 31_999, xhigh: 31_999, max: 31_999 } as const;
/** The CLI's own limit for such models, where the caller sets none. */
const budgetModelOutputTokens = 32_000;

/**
 * Fields that the CLI merges into its request to the model API: what it has no setting of its own for. `budgeted` is for
 * models without adaptive thinking: they think only when asked to.
 */
export function extraBody(
  request: GenerateRequest,
  options: { names: ToolNames; budgeted: boolean; endsInToolResults: boolean },
): Record<string, unknown> {
  const thinking = thinkingField(request, options);
  const choice = toolChoice(request, options.names);
  return {
    ...(choice && { tool_choice: choice }),
    ...(thinking && { thinking }),
    ...(request.temperature !== undefined && { temperature: Math.min(request.temperature, 1) }),
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.topK !== undefined && { top_k: request.topK }),
    ...(request.stop?.length && { stop_sequences: request.stop }),
    ...(request.outputFormat?.kind === 'json-schema' && {
      output_config: { format: { type: 'json_schema', schema: strictSchema(request.outputFormat.schema) } },
    }),
  };
}

function thinkingField(
  request: GenerateRequest,
  options: { budgeted: boolean; endsInToolResults: boolean },
): Record<string, unknown> | undefined {
  // A model that thinks cannot be made to call a tool.
  const forced = request.tools.length > 0 && ['required', 'tool'].includes(request.toolChoice?.mode ?? 'auto');
  if (request.effort === 'none' || forced) return { type: 'disabled' };
  if (!options.budgeted) return undefined;
  // A budgeted model wants its own signed thinking before the calls that these results answer: a replay has lost it.
  if (request.effort === undefined || options.endsInToolResults) return { type: 'disabled' };
  const limit = request.maxOutputTokens ?? budgetModelOutputTokens;
  const budget = Math.min(budgets[request.effort], limit - 1);
  return budget < budgets.minimal ? { type: 'disabled' } : { type: 'enabled', budget_tokens: budget };
}

function toolChoice(request: GenerateRequest, names: ToolNames): Record<string, unknown> | undefined {
  if (request.tools.length === 0) return undefined;
  const serial = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  switch (request.toolChoice?.mode) {
    case 'none':
      return { type: 'none' };
    case 'required':
      return { type: 'any', ...serial };
    case 'tool':
      return { type: 'tool', name: names.native(request.toolChoice.name), ...serial };
    default:
      return request.parallelToolCalls === false ? { type: 'auto', ...serial } : undefined;
  }
}
