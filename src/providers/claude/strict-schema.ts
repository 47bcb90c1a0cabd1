import type { JsonSchema } from '../../core/tool.ts';

/** Keywords that the API's constrained output cannot enforce: they are told to the model in words instead. */
const untaken = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'contains',
  'patternProperties',
  'propertyNames',
] as const;

/**
 * A caller's schema in the form that Anthropic's structured output takes: every object closed, and what cannot be
 * enforced moved into the description. The answer is still checked against the caller's own schema.
 */
export function strictSchema(schema: JsonSchema): JsonSchema {
  return rewrite(schema) as JsonSchema;
}

function rewrite(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rewrite);
  if (typeof node !== 'object' || node === null) return node;
  const source = node as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  const told: string[] = [];
  for (const [key, value] of Object.entries(source)) {
    if (key === '$schema') continue;
    if (isUntaken(key, value)) told.push(`${key}: ${JSON.stringify(value)}`);
    else if (key === 'properties' || key === '$defs' || key === 'definitions') result[key] = rewriteMembers(value);
    else if (key === 'enum' || key === 'const' || key === 'default' || key === 'examples') result[key] = value;
    else result[key === 'oneOf' ? 'anyOf' : key] = rewrite(value);
  }
  const isObject = source.type === 'object' || source.properties !== undefined;
  if (isObject) result.additionalProperties = false;
  if (told.length > 0) result.description = [source.description, `(${told.join(', ')})`].filter(Boolean).join(' ');
  return result;
}

function isUntaken(key: string, value: unknown): boolean {
  if ((untaken as readonly string[]).includes(key)) return true;
  return key === 'minItems' && value !== 0 && value !== 1;
}

function rewriteMembers(members: unknown): unknown {
  if (typeof members !== 'object' || members === null) return members;
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, rewrite(member)]));
}
