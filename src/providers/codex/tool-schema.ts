import type { JsonSchema } from '../../core/tool.ts';

/** What Codex passes on as it is. Every other keyword it drops without a word. */
const kept = new Set(['type', 'description', 'enum', 'required', 'minItems', '$ref']);
/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const one = new Set(['items', 'additionalProperties']);
const several = new Set(['anyOf', 'oneOf', 'allOf']);
const named = new Set(['properties', '$defs', 'definitions']);
/** What says nothing about a value. */
const silent = new Set(['$schema', '$id', '$comment', 'title', 'examples', 'deprecated', 'readOnly', 'writeOnly']);

/**
 * A tool's schema in the words that reach the model through Codex: rules that it would drop are told in the description,
 * and what it would misread is said another way.
 */
export function toolSchema(schema: JsonSchema): JsonSchema {
  const { type, ...rest } = rewrite(schema) as JsonSchema;
  return { type: type ?? 'object', ...rest };
}

function rewrite(node: unknown): unknown {
  // Codex takes a schema of `true` or `false` for a text.
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return {};
  const result: JsonSchema = {};
  const told: string[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'const') result.enum = [value];
    else if (kept.has(key)) result[key] = value;
    else if (several.has(key) && Array.isArray(value)) result[key] = value.map(rewrite);
    else if (named.has(key)) result[key] = rewriteMembers(value);
    else if (one.has(key) && !Array.isArray(value)) result[key] = typeof value === 'boolean' ? value : rewrite(value);
    else if (!silent.has(key)) told.push(`${key}: ${JSON.stringify(value)}`);
  }
  // `items: false` goes with `prefixItems`, which is told in words.
  if (typeof result.items === 'boolean') delete result.items;
  // Without a type Codex takes the values of a choice for texts.
  if (Array.isArray(result.enum) && result.type === undefined) result.type = typesOf(result.enum);
  if (told.length > 0) result.description = [result.description, `(${told.join(', ')})`].filter(Boolean).join(' ');
  return result;
}

function rewriteMembers(members: unknown): unknown {
  if (typeof members !== 'object' || members === null) return {};
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, rewrite(member)]));
}

function typesOf(values: readonly unknown[]): string | string[] {
  const types = [...new Set(values.map(typeOf))];
  return types.length === 1 && types[0] !== undefined ? types[0] : types;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
