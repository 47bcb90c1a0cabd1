import type { FastifyInstance } from 'fastify';
import type { ListedModel } from '../gateway/listed-model.ts';
import type { GatewayPort } from './gateway-port.ts';

/** `/v1/models` and the ways in which clients with another base URL spell it. */
export const modelPaths = ['/v1/models', '/models', '/v1/v1/models'] as const;

/** Adds the routes that list the models and describe one, in the caller's dialect where it has a way of its own. */
export function addModelRoutes(app: FastifyInstance, gateway: GatewayPort, paths: readonly string[]): void {
  for (const path of paths) {
    app.get(path, async ({ record: { dialect } }) => {
      const models = gateway.models();
      return dialect.listModels?.(models) ?? { object: 'list', data: models.map(modelObject) };
    });
    app.get<{ Params: { '*': string } }>(`${path}/*`, async ({ params, record: { dialect } }) => {
      const model = await gateway.model(params['*']);
      return dialect.describeModel?.(model) ?? modelObject(model);
    });
  }
}

/** The model as clients read it; they look for its sizes under several names. */
function modelObject(model: ListedModel): object {
  return {
    id: model.id,
    object: 'model',
    // Some clients cannot read an entry without this number.
    created: model.createdAt ? Math.floor(model.createdAt.getTime() / 1000) : 0,
    owned_by: model.ownedBy,
    name: model.title,
    aliases: model.aliases.length > 0 ? model.aliases : undefined,
    context_length: model.contextWindow,
    context_window: model.contextWindow,
    max_model_len: model.contextWindow,
    max_input_tokens: model.contextWindow,
    max_output_tokens: model.maxOutputTokens,
    pricing: model.pricing && {
      prompt: dollarsPerToken(model.pricing.input),
      completion: dollarsPerToken(model.pricing.output),
    },
    capabilities: {
      vision: model.inputs.images,
      pdf_input: model.inputs.documents,
      audio_input: model.inputs.audio,
      reasoning: model.reasoning !== 'never',
      reasoning_efforts: model.efforts.length > 0 ? model.efforts : undefined,
      web_search: model.webTools,
      parallel_tool_calls: model.parallelToolCalls,
      structured_output: model.parameters.includes('outputFormat'),
    },
    modalities: { input: inputModalities(model.inputs), output: ['text'] },
  };
}

/** As clients read prices: a decimal number in text. */
function dollarsPerToken(perMillion: number): string {
  return (perMillion / 1_000_000).toFixed(12).replace(/\.?0+$/, '');
}

function inputModalities(inputs: ListedModel['inputs']): string[] {
  const modalities = ['text'];
  if (inputs.images) modalities.push('image');
  if (inputs.documents) modalities.push('file');
  if (inputs.audio) modalities.push('audio');
  return modalities;
}
