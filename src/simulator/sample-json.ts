import { elements, isObject, type JsonObject } from './json.ts';

const DEEPEST = 32;

const FORMATS: Readonly<Record<string, string>> = {
  date: '2025-01-01',
  'date-time': '2025-01-01T00:00:00Z',
  time: '00:00:00Z',
  duration: 'P1D',
  email: 'someone@example.com',
  hostname: 'example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '127.0.0.1',
  ipv6: '::1',
};

/** A small value that satisfies a JSON Schema: required properties, first choices, least sizes. */
export function sampleJson(schema: unknown, root: unknown = schema, depth = 0): unknown {
  if (!isObject(schema) || depth > DEEPEST) return null;
  const again = (inner: unknown) => sampleJson(inner, root, depth + 1);
  if (typeof schema.$ref === 'string') return again(resolve(schema.$ref, root));
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const [choice] = [...elements(schema.anyOf), ...elements(schema.oneOf)];
  if (choice !== undefined) return again(choice);
  if (Array.isArray(schema.allOf)) return mergeAll(schema.allOf.map(again));
  switch (Array.isArray(schema.type) ? schema.type[0] : (schema.type ?? impliedType(schema))) {
    case 'object':
      return sampleObject(schema, again);
    case 'array':
      return Array.from({ length: count(schema.minItems) }, () => again(schema.items));
    case 'string':
      return FORMATS[String(schema.format)] ?? 'simulated'.padEnd(count(schema.minLength), '.');
    case 'integer':
      return typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum + 1 : count(schema.minimum);
    case 'number':
      return typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum + 0.5 : count(schema.minimum);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function sampleObject(schema: JsonObject, sample: (inner: unknown) => unknown): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const names = elements(schema.required).map(String);
  return Object.fromEntries(names.map((name) => [name, sample(properties[name])]));
}

function impliedType(schema: JsonObject): string | undefined {
  return 'properties' in schema ? 'object' : 'items' in schema ? 'array' : undefined;
}

function mergeAll(values: readonly unknown[]): unknown {
  return values.every(isObject) ? Object.assign({}, ...values) : values[0];
}

function count(least: unknown): number {
  return typeof least === 'number' ? least : 0;
}

/** Follows a local pointer such as `#/$defs/item`. */
function resolve(reference: string, root: unknown): unknown {
  return reference
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, key) => (isObject(node) ? node[key] : elements(node)[Number(key)]), root);
}
