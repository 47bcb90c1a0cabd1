import type { ModelCapabilities, ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { DescribedModel } from '../dialect.ts';

/** All models as one page. */
interface ModelPage {
  data: ModelInfo[];
  has_more: boolean;
  first_id: string | null;
  last_id: string | null;
}

/** The body that lists the models. */
export function listModels(models: readonly DescribedModel[]): ModelPage {
  return {
    data: models.map(describeModel),
    has_more: false,
    first_id: models.at(0)?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}

/** The body that describes one model. */
export function describeModel(model: DescribedModel): ModelInfo {
  return {
    type: 'model',
    id: model.id,
    display_name: model.title,
    // The API itself says the epoch where a date is unknown.
    created_at: (model.createdAt ?? new Date(0)).toISOString(),
    max_input_tokens: model.contextWindow ?? null,
    max_tokens: model.maxOutputTokens ?? null,
    capabilities: toCapabilities(model),
    lifecycle: 'active',
    line: null,
    deprecated_at: null,
    retires_at: null,
  };
}

function toCapabilities({ inputs, parameters, efforts, reasoning, webTools }: DescribedModel): ModelCapabilities {
  const has = (supported: boolean) => ({ supported });
  const thinks = reasoning !== 'never';
  return {
    batch: has(false),
    citations: has(false),
    code_execution: has(false),
    context_management: {
      supported: false,
      clear_thinking_20251015: null,
      clear_tool_uses_20250919: null,
      compact_20260112: null,
    },
    effort: {
      supported: efforts.length > 0,
      low: has(efforts.includes('low')),
      medium: has(efforts.includes('medium')),
      high: has(efforts.includes('high')),
      xhigh: has(efforts.includes('xhigh')),
      max: has(efforts.includes('max')),
    },
    image_input: has(inputs.images),
    pdf_input: has(inputs.documents),
    server_tools: { supported: webTools, web_search: has(webTools), code_execution: has(false) },
    structured_outputs: has(parameters.includes('outputFormat')),
    thinking: {
      supported: thinks,
      types: {
        adaptive: has(thinks),
        enabled: has(thinks),
        disabled: has(efforts.includes('none') || reasoning !== 'by-default'),
        between_tools: has(false),
      },
    },
  };
}
