import { z } from 'zod';
import type { OutputFormat } from '../../core/request.ts';
import { anyObject, anything, checkNesting, isObject, read } from '../read.ts';

const wireFormat = z.object({ type: z.enum(['text', 'json_object', 'json_schema']), json_schema: anything });
const wireSchema = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  schema: anyObject,
  strict: z.boolean().nullish(),
});

/** The form that the answer must have; undefined for plain text. */
export function readOutputFormat(value: unknown, at: string): OutputFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const { type, json_schema: nested } = read(wireFormat, value, at);
  if (type === 'text') return undefined;
  if (type === 'json_object') return { kind: 'json-object' };
  const flat = nested === undefined && isObject(value) && value.schema !== undefined;
  const place = flat ? at : `${at}.json_schema`;
  const { name, description, schema, strict } = read(wireSchema, flat ? value : nested, place);
  checkNesting(schema, `${place}.schema`);
  return { kind: 'json-schema', name, ...(description && { description }), schema, strict: strict === true };
}
