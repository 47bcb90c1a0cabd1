import { elements, isObject, type JsonObject } from '../../json.ts';
import { findMediaProblem } from './find-media-problem.ts';
import { findMessagesProblem } from './find-messages-problem.ts';
import { findPairingProblem } from './find-pairing-problem.ts';
import { findSchemaProblem } from './find-schema-problem.ts';
import { findThinkingProblem } from './find-thinking-problem.ts';
import { findToolsProblem } from './find-tools-problem.ts';

/** What the real API would refuse a request for, in its words; undefined for a good request. */
export function findProblem(body: JsonObject, counting: boolean): string | undefined {
  return (
    findParameterProblem(body, counting) ??
    findMessagesProblem(body) ??
    findPairingProblem(body) ??
    findMediaProblem(body.messages, 'messages') ??
    findToolsProblem(body) ??
    findThinkingProblem(body) ??
    findFormatProblem(body)
  );
}

function findParameterProblem(body: JsonObject, counting: boolean): string | undefined {
  const { model, max_tokens: maxTokens, temperature } = body;
  if (typeof model !== 'string' || model === '') return 'model: Field required';
  if (!counting) {
    if (maxTokens === undefined) return 'max_tokens: Field required';
    if (!Number.isInteger(maxTokens)) return 'max_tokens: Input should be a valid integer';
    if (Number(maxTokens) < 1) return 'max_tokens: Input should be greater than or equal to 1';
  }
  if (temperature !== undefined && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 1)) {
    return 'temperature: range: 0..1';
  }
  if (elements(body.stop_sequences).some((sequence) => String(sequence).trim() === '')) {
    return 'stop_sequences: each stop sequence must contain non-whitespace';
  }
  return undefined;
}

function findFormatProblem({ output_config: config }: JsonObject): string | undefined {
  const format = isObject(config) ? config.format : undefined;
  if (!isObject(format) || format.type !== 'json_schema') return undefined;
  return isObject(format.schema)
    ? findSchemaProblem(format.schema, 'output_config.format.schema')
    : 'output_config.format.schema: Field required';
}
