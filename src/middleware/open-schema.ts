import type { JsonSchema } from '../core/tool.ts';

/** Members that are values, not schemas. */
const literal = new Set(['const', 'enum', 'default', 'examples']);

/** Members whose own members are schemas under names of the caller's. */
const named = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);

/** Whether a schema allows properties that it does not name: a constrained answer could not hold any of them. */
export function leavesObjectsOpen(schema: JsonSchema): boolean {
  const extra = schema.additionalProperties;
  if (extra !== undefined && extra !== false) return true;
  if (schema.patternProperties !== undefined) return true;
  if (schema.type === 'object' && !hasMembers(schema.properties)) return extra !== false;
  return Object.entries(schema).some(([key, value]) => {
    if (literal.has(key)) return false;
    return isOpenIn(named.has(key) && typeof value === 'object' && value !== null ? Object.values(value) : value);
  });
}

function isOpenIn(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isOpenIn);
  return typeof value === 'object' && value !== null && leavesObjectsOpen(value as JsonSchema);
}

function hasMembers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
