import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../core/tool.ts';
import { isObject, literalKeys, namedKeys } from './schema-keys.ts';

const mostNodes = 2_000;
const mostReferences = 24;
const mostKept = 32;
const longestKept = 65_536;

/** What is wrong with a schema, or how to check a value against it: `check` says what is wrong with the value, or nothing. */
export type CompiledSchema = { fault: string } | { fault?: undefined; check: (value: unknown) => string | undefined };

/** By the schema's text: compiling takes milliseconds, and clients send the same schema again and again. */
const kept = new Map<string, CompiledSchema>();
const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false, logger: false });

/** Compiles a schema of a caller's. One that would take an unbounded time to check is taken for right, and checks nothing. */
export function compileSchema(schema: JsonSchema): CompiledSchema {
  if (!isCheap(schema)) return { check: () => undefined };
  const text = JSON.stringify(schema);
  const known = kept.get(text);
  if (known) return known;
  const compiled = compile(withoutPatterns(schema));
  if (text.length <= longestKept) {
    kept.set(text, compiled);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  }
  return compiled;
}

function compile(schema: JsonSchema): CompiledSchema {
  try {
    const validate: ValidateFunction = ajv.compile(schema);
    return {
      check: (value) => (validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'answer' })),
    };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  } finally {
    // It would be kept for ever under its object, which nobody has.
    ajv.removeSchema(schema);
  }
}

/**
 * Whether checking against this schema takes a bounded time: a few references to each other's references can multiply
 * into hours. What is dearer is left to the model's API.
 */
function isCheap(schema: JsonSchema): boolean {
  let nodes = 0;
  let references = 0;
  const pending: unknown[] = [schema];
  while (pending.length > 0 && nodes <= mostNodes && references <= mostReferences) {
    const node = pending.pop();
    if (typeof node !== 'object' || node === null) continue;
    nodes += 1;
    if ('$ref' in node || '$dynamicRef' in node) references += 1;
    for (const member of Object.values(node)) pending.push(member);
  }
  return nodes <= mostNodes && references <= mostReferences;
}

/** A caller's regular expression could keep this process busy for ever: patterns are left to the model's API. */
function withoutPatterns(schema: JsonSchema): JsonSchema {
  const plain = Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'pattern' || key === '$schema' || key === '$id') return [];
    if (literalKeys.has(key)) return [[key, value]];
    return [
      [key, namedKeys.has(key) && isObject(value) ? mapValues(value, withoutPatternsIn) : withoutPatternsIn(value)],
    ];
  });
  return Object.fromEntries(plain) as JsonSchema;
}

function withoutPatternsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPatternsIn);
  return isObject(value) ? withoutPatterns(value) : value;
}

function mapValues(record: Record<string, unknown>, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
