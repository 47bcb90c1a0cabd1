import { isObject, type JsonObject } from '../json.ts';

/** JSON Schema of a schema in the API's own words, which differ in the letters of the types. */
export function jsonSchema(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, convert(name, value)]));
}

function convert(name: string, value: unknown): unknown {
  if (name === 'type' && typeof value === 'string') return value.toLowerCase();
  if (name === 'anyOf' && Array.isArray(value))
    return value.map((inner) => (isObject(inner) ? jsonSchema(inner) : inner));
  if (!isObject(value)) return value;
  if (name === 'items') return jsonSchema(value);
  if (name !== 'properties') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isObject(inner) ? jsonSchema(inner) : inner]),
  );
}
