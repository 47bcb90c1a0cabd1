import type { JsonSchema } from '../core/tool.ts';
import { isObject, literalKeys, namedKeys } from './schema-keys.ts';

/** Whether a schema allows properties that it does not name: a constrained answer could not hold any of them. */
export function leavesObjectsOpen(schema: JsonSchema): boolean {
  const extra = schema.additionalProperties;
  if (extra !== undefined && extra !== false) return true;
  if (schema.patternProperties !== undefined) return true;
  if (schema.type === 'object' && !hasMembers(schema.properties)) return extra !== false;
  return Object.entries(schema).some(([key, value]) => {
    if (literalKeys.has(key)) return false;
    return isOpenIn(namedKeys.has(key) && isObject(value) ? Object.values(value) : value);
  });
}

function isOpenIn(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isOpenIn);
  return isObject(value) && leavesObjectsOpen(value);
}

function hasMembers(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}
