import { elements, isObject, type JsonObject } from '../../json.ts';

/** Why a schema cannot be held strictly, at any depth: every object is closed and requires all its properties. */
export function findSchemaProblem(schema: unknown, context: readonly string[] = []): string | undefined {
  if (!isObject(schema)) return undefined;
  const at = `In context=(${context.map((part) => `'${part}'`).join(', ')}${context.length === 1 ? ',' : ''})`;
  if (schema.type === 'object' || isObject(schema.properties)) {
    if (schema.additionalProperties !== false) {
      return `${at}, 'additionalProperties' is required to be supplied and to be false.`;
    }
    const required = new Set(elements(schema.required));
    const extra = Object.keys(isObject(schema.properties) ? schema.properties : {}).find((name) => !required.has(name));
    if (extra !== undefined) {
      const rule = "'required' is required to be supplied and to be an array including every key in properties.";
      return `${at}, ${rule} Missing '${extra}'.`;
    }
  }
  for (const [path, inner] of subschemas(schema)) {
    const problem = findSchemaProblem(inner, [...context, ...path]);
    if (problem) return problem;
  }
  return undefined;
}

function subschemas(schema: JsonObject): readonly [path: readonly string[], schema: unknown][] {
  const named = ['properties', '$defs', 'definitions'].flatMap((key) =>
    Object.entries(isObject(schema[key]) ? schema[key] : {}).map(([name, inner]): [string[], unknown] => [
      [key, name],
      inner,
    ]),
  );
  const listed = ['anyOf', 'oneOf', 'allOf'].flatMap((key) =>
    elements(schema[key]).map((inner, index): [string[], unknown] => [[key, String(index)], inner]),
  );
  return [...named, ...listed, [['items'], schema.items]];
}
