import type { JsonSchema } from '../../core/tool.ts';
import { isObject } from '../read.ts';

const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);
/** Their members are schemas, or arrays of them. */
const nested = new Set(['items', 'prefixItems', 'anyOf', 'oneOf', 'allOf', 'not', 'additionalProperties']);
/** Their members are schemas by name. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'defs']);
const spellings = new Map([
  ['any_of', 'anyOf'],
  ['min_items', 'minItems'],
  ['max_items', 'maxItems'],
  ['min_length', 'minLength'],
  ['max_length', 'maxLength'],
  ['min_properties', 'minProperties'],
  ['max_properties', 'maxProperties'],
  ['property_ordering', 'propertyOrdering'],
  ['prefix_items', 'prefixItems'],
  ['additional_properties', 'additionalProperties'],
]);
const counts = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);

/**
 * A schema of this API, which has types in capitals, `nullable` and numbers as text, as a JSON schema. What is a JSON
 * schema already stays as it is: clients send either wherever the one or the other is meant.
 */
export function toJsonSchema(schema: Record<string, unknown>): JsonSchema {
  const result: JsonSchema = {};
  for (const [spelling, value] of Object.entries(schema)) {
    const key = spellings.get(spelling) ?? spelling;
    if (value === null || key === 'nullable' || key === 'propertyOrdering') continue;
    if (key === 'type') setType(result, value);
    else if (key === 'example') result.examples = [value];
    else if (nested.has(key)) result[key] = convert(value);
    else if (named.has(key) && isObject(value)) result[key] = convertMembers(value);
    else if (counts.has(key) && typeof value === 'string' && /^\d+$/.test(value)) result[key] = Number(value);
    else result[key] = value;
  }
  setEnum(result);
  order(result, schema.propertyOrdering ?? schema.property_ordering);
  if (schema.nullable === true) allowNull(result);
  return result;
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  return isObject(value) ? toJsonSchema(value) : value;
}

function convertMembers(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, convert(member)]));
}

function setType(result: JsonSchema, type: unknown): void {
  if (typeof type !== 'string') {
    result.type = Array.isArray(type) ? type.map((one) => toType(one) ?? one) : type;
  } else if (type !== 'TYPE_UNSPECIFIED') result.type = toType(type) ?? type;
}

function toType(type: unknown): string | undefined {
  const lower = typeof type === 'string' ? type.toLowerCase() : '';
  return types.has(lower) ? lower : undefined;
}

/** Values are text here even where the type is a number. */
function setEnum(result: JsonSchema): void {
  if (!Array.isArray(result.enum)) return;
  if (result.format === 'enum') delete result.format;
  if (result.type !== 'integer' && result.type !== 'number') return;
  const numbers = result.enum.map((value) =>
    typeof value === 'string' && value.trim() !== '' ? Number(value) : value,
  );
  if (numbers.every((value) => !Number.isNaN(value))) result.enum = numbers;
}

/** Models fill properties in the order in which they are told of them. */
function order(result: JsonSchema, names: unknown): void {
  const { properties } = result;
  if (!Array.isArray(names) || !isObject(properties)) return;
  const place = new Map(names.map((name, index) => [name, index]));
  const rank = ([name]: [string, unknown]) => place.get(name) ?? names.length;
  result.properties = Object.fromEntries(Object.entries(properties).sort((one, other) => rank(one) - rank(other)));
}

function allowNull(result: JsonSchema): void {
  if (typeof result.type === 'string' && result.type !== 'null') result.type = [result.type, 'null'];
  else if (result.type === undefined && Array.isArray(result.anyOf)) result.anyOf = [...result.anyOf, { type: 'null' }];
  if (Array.isArray(result.enum) && !result.enum.includes(null)) result.enum = [...result.enum, null];
}
