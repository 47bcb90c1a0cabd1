import { z } from 'zod';
import type { OutputFormat } from '../../core/request.ts';
import { anyObject, checkNesting, read } from '../read.ts';

const wireFormat = z.object({ type: z.literal('json_schema', "must be 'json_schema'"), schema: anyObject });

/** The form that the answer must have; undefined for plain text. The schema binds: this API has no other kind. */
export function readOutputFormat(value: unknown, at: string): OutputFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const { schema } = read(wireFormat, value, at);
  checkNesting(schema, `${at}.schema`);
  return { kind: 'json-schema', name: 'output', schema, strict: true };
}
