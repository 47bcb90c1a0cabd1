import type { DescribedModel } from '../dialect.ts';

type ModelFacts = Pick<DescribedModel, 'id' | 'title' | 'ownedBy' | 'contextWindow' | 'maxOutputTokens' | 'reasoning'>;

/** A model as the list has it. */
interface WireModel {
  name: string;
  baseModelId: string;
  version: string;
  displayName: string;
  description: string;
  inputTokenLimit?: number;
  outputTokenLimit?: number;
  supportedGenerationMethods: string[];
  thinking: boolean;
}

/** All models on one page. */
export function listModels(models: readonly ModelFacts[]): { models: WireModel[] } {
  return { models: models.map(describeModel) };
}

export function describeModel({
  id,
  title,
  ownedBy,
  contextWindow,
  maxOutputTokens,
  reasoning,
}: ModelFacts): WireModel {
  return {
    name: `models/${id}`,
    baseModelId: id,
    version: id,
    displayName: title,
    description: `${title} of ${ownedBy}.`,
    ...(contextWindow !== undefined && { inputTokenLimit: contextWindow }),
    ...(maxOutputTokens !== undefined && { outputTokenLimit: maxOutputTokens }),
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    thinking: reasoning !== 'never',
  };
}
