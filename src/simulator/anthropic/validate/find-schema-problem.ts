import { isObject } from '../../json.ts';

/** An output schema, at any depth: every object is closed. */
export function findSchemaProblem(schema: unknown, path: string): string | undefined {
  if (!isObject(schema)) return undefined;
  if (schema.type === 'object' && schema.additionalProperties !== false) {
    return schema.additionalProperties === undefined
      ? `${path}: For 'object' type, 'additionalProperties' must be explicitly set to false`
      : `${path}: For 'object' type, 'additionalProperties: ${JSON.stringify(schema.additionalProperties)}' is not ` +
          "supported. Please set 'additionalProperties' to false";
  }
  return subschemas(schema)
    .map((inner) => findSchemaProblem(inner, path))
    .find((problem) => problem !== undefined);
}

function subschemas(schema: Readonly<Record<string, unknown>>): unknown[] {
  const named = ['properties', '$defs', 'definitions'].flatMap((key) => Object.values(schema[key] ?? {}));
  const listed = ['items', 'anyOf', 'oneOf', 'allOf'].flatMap((key) => schema[key] ?? []);
  return [...named, ...listed];
}
