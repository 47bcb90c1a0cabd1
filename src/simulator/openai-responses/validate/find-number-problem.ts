import type { JsonObject } from '../../json.ts';
import type { ApiError } from '../api-error.ts';
import { problem, wrongType } from './problems.ts';

interface Range {
  readonly kind: 'integer' | 'decimal';
  readonly least: number;
  readonly most: number;
}

const RANGES: Readonly<Record<string, Range>> = {
  max_output_tokens: { kind: 'integer', least: 16, most: Number.POSITIVE_INFINITY },
  temperature: { kind: 'decimal', least: 0, most: 2 },
  top_p: { kind: 'decimal', least: 0, most: 1 },
  top_logprobs: { kind: 'integer', least: 0, most: 20 },
};

/** Numbers that are none, or out of their range. */
export function findNumberProblem(body: JsonObject): ApiError | undefined {
  for (const [name, { kind, least, most }] of Object.entries(RANGES)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || (kind === 'integer' && !Number.isInteger(value))) {
      return wrongType(value, kind === 'integer' ? 'an integer' : 'a decimal', name);
    }
    if (value < least) {
      const message = `Invalid '${name}': ${kind} below minimum value. Expected a value >= ${least}, but got ${value} instead.`;
      return problem(message, name, `${kind}_below_min_value`);
    }
    if (value > most) {
      const message = `Invalid '${name}': ${kind} above maximum value. Expected a value <= ${most}, but got ${value} instead.`;
      return problem(message, name, `${kind}_above_max_value`);
    }
  }
  return undefined;
}
