import type { OutputFormat } from '../../core/request.ts';
import type { JsonSchema } from '../../core/tool.ts';

/** Values, not schemas. */
const literal = new Set(['const', 'enum', 'default', 'examples']);

/**
 * The schema to which the model API holds an answer, with every object closed: it takes no other. Undefined for a schema
 * that is not meant strictly and leaves members out, which such an answer could not: it is asked for in words.
 */
export function enforcedSchema(format: Extract<OutputFormat, { kind: 'json-schema' }>): JsonSchema | undefined {
  if (!format.strict && leavesMembersOut(format.schema)) return undefined;
  return close(format.schema) as JsonSchema;
}

/** How an answer is asked for that nothing holds to its schema. */
export function schemaInstruction(schema: JsonSchema): string {
  return `Answer with JSON that follows this schema and nothing else, no explanation and no code fence:\n${JSON.stringify(schema)}`;
}

function close(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(close);
  if (typeof node !== 'object' || node === null) return node;
  const closed = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, literal.has(key) ? value : close(value)]),
  );
  const isObject = 'properties' in node && typeof node.properties === 'object';
  return isObject && !('additionalProperties' in node) ? { ...closed, additionalProperties: false } : closed;
}

function leavesMembersOut(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(leavesMembersOut);
  if (typeof node !== 'object' || node === null) return false;
  const { properties, required = [] } = node as { properties?: unknown; required?: unknown };
  if (typeof properties === 'object' && properties !== null) {
    const names = Array.isArray(required) ? required : [];
    if (Object.keys(properties).some((name) => !names.includes(name))) return true;
  }
  return Object.entries(node).some(([key, value]) => !literal.has(key) && leavesMembersOut(value));
}
