import type { Answer } from '../answer.ts';
import type { JsonObject } from '../json.ts';

const MODELS: readonly string[] = [
  'gemini-2.5-pro',
  'gemini-2.5-flash',
  'gemini-2.5-flash-lite',
  'gemini-3-pro-preview',
  'gemini-3-flash-preview',
];

export function listModels(): Answer {
  return json({ models: MODELS.map(describe) });
}

/** A model by its id; one that the list does not have is made up. */
export function showModel(model: string): Answer {
  return json(describe(model));
}

function describe(model: string): JsonObject {
  return {
    name: `models/${model}`,
    version: '001',
    displayName: model
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' '),
    description: 'A simulated model',
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: true,
  };
}

function json(body: JsonObject): Answer {
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  return { status: 200, headers, actions: [JSON.stringify(body, null, 2)] };
}
