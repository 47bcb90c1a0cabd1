import { elements, isObject, type JsonObject } from '../../json.ts';

const AT = '* GenerateContentRequest.generation_config';

/** Sampling, limits and the answer's form. */
export function findConfigProblem({ generationConfig }: JsonObject): string | undefined {
  if (!isObject(generationConfig)) return undefined;
  const { temperature, topP, maxOutputTokens, stopSequences, candidateCount } = generationConfig;
  if (!isWithin(temperature, 0, 2)) return `${AT}.temperature: temperature must be in the range [0.0, 2.0].\n`;
  if (!isWithin(topP, 0, 1)) return `${AT}.top_p: top_p must be in the range [0.0, 1.0].\n`;
  if (!isWithin(maxOutputTokens, 1, Number.MAX_SAFE_INTEGER)) return 'Request contains an invalid argument.';
  if (elements(stopSequences).length > 5) {
    return `${AT}.stop_sequences: the number of stop_sequences must not exceed 5.\n`;
  }
  if (!isWithin(candidateCount, 1, 1)) return 'Multiple candidates is not enabled for this model';
  return findFormatProblem(generationConfig);
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return value === undefined || (typeof value === 'number' && value >= least && value <= most);
}

function findFormatProblem({ responseMimeType, responseSchema, responseJsonSchema }: JsonObject): string | undefined {
  if (responseSchema === undefined && responseJsonSchema === undefined) return undefined;
  if (responseSchema !== undefined && responseJsonSchema !== undefined) {
    return 'Only one of response_schema and response_json_schema may be set.';
  }
  return responseMimeType === 'application/json' || responseMimeType === 'text/x.enum'
    ? undefined
    : `${AT}.response_schema: response_schema needs response_mime_type application/json or text/x.enum.\n`;
}
