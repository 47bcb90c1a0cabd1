import { elements, isObject, type JsonObject } from '../../json.ts';

/** A strict schema, at any depth: every object is closed and requires all its properties. */
export function findSchemaProblem(schema: unknown, context: readonly string[] = []): string | undefined {
  if (!isObject(schema)) return undefined;
  const where = `In context=(${context.map((step) => `'${step}'`).join(', ')})`;
  const properties = isObject(schema.properties) ? schema.properties : {};
  if (schema.type === 'object') {
    if (schema.additionalProperties !== false) {
      return `${where}, 'additionalProperties' is required to be supplied and to be false.`;
    }
    const optional = Object.keys(properties).find((name) => !elements(schema.required).includes(name));
    if (optional !== undefined) {
      return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${optional}'.`;
    }
  }
  for (const [steps, inner] of subschemas(schema)) {
    const problem = findSchemaProblem(inner, [...context, ...steps]);
    if (problem) return problem;
  }
  return undefined;
}

function subschemas(schema: JsonObject): [steps: readonly string[], inner: unknown][] {
  const named = ['properties', '$defs', 'definitions'].flatMap((key) =>
    Object.entries(schema[key] ?? {}).map(([name, inner]): [readonly string[], unknown] => [[key, name], inner]),
  );
  const listed = ['anyOf'].flatMap((key) =>
    elements(schema[key]).map((inner, index): [readonly string[], unknown] => [[key, String(index)], inner]),
  );
  return [...named, ...listed, [['items'], schema.items]];
}
