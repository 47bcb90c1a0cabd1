import { z } from 'zod';
import { GatewayError } from '../core/error.ts';
import { isNestedDeeper } from '../core/nesting.ts';

const deepest = 200;

/** A field that is read later, if it is there. */
export const anything = z.unknown().optional();

/** An array of the caller's, taken as it is: its items are read one by one, so that the first bad one ends it. */
export const listOf = z.custom<readonly unknown[]>(Array.isArray, 'must be an array');

/** A JSON object of the caller's, taken as it is. */
export const anyObject = z.custom<Record<string, unknown>>(isObject, 'must be an object');

/**
 * What the schema makes of a value that stands at `at` in the caller's body (`''` for the body itself). Throws
 * `invalid-request` naming the first field at fault. Messages of the schema go on from the field's name: `must be …`.
 */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown, at: string): z.output<Schema> {
  const result = schema.safeParse(value, { error: describe, reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param = issue === undefined ? at : join(at, issue.path);
  throw invalid(param, issue === undefined || issue.input === undefined ? 'is required' : issue.message);
}

/** The error for the field at `param`; `fault` goes on from the field's name. */
export function invalid(param: string, fault: string): GatewayError {
  if (param === '') return new GatewayError('invalid-request', `The request body ${fault}.`);
  return new GatewayError('invalid-request', `'${param}' ${fault}.`, { param });
}

/** Throws where a value that is passed on as it is would be too deep for those that read it later. */
export function checkNesting(value: unknown, at: string): void {
  if (isNestedDeeper(value, deepest)) throw invalid(at, `is nested more than ${deepest} levels deep`);
}

/** A value of the caller's, quoted for a sentence. */
export function quote(value: unknown): string {
  if (typeof value !== 'string') return nameOf(value);
  return `'${value.length > 64 ? `${value.slice(0, 64)}…` : value}'`;
}

/** Words for a sentence: `'a', 'b' or 'c'`. */
function alternatives(words: readonly unknown[]): string {
  const quoted = words.map(quote);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((whole, key) => {
    if (typeof key === 'number') return `${whole}[${key}]`;
    return whole === '' ? String(key) : `${whole}.${String(key)}`;
  }, at);
}

const expectations = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['object', 'an object'],
  ['array', 'an array'],
]);

function describe(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${expectations.get(issue.expected) ?? issue.expected}, not ${nameOf(issue.input)}`;
    case 'invalid_value':
      return `must be ${alternatives(issue.values)}, not ${quote(issue.input)}`;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return 'has a value that cannot be used';
  }
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'a number out of range';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
