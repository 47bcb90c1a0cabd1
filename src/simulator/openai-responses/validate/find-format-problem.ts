import { isObject, type JsonObject } from '../../json.ts';
import type { ApiError } from '../api-error.ts';
import { findSchemaProblem } from './find-schema-problem.ts';
import { missing, notMatching, problem, unsupported, wrongType } from './problems.ts';

const FORMATS = ['text', 'json_schema', 'json_object'];
const VERBOSITIES = ['low', 'medium', 'high'];
const NAME = /^[a-zA-Z0-9_-]+$/;

/** How the text is to be written. */
export function findFormatProblem({ text }: JsonObject): ApiError | undefined {
  if (text === undefined || text === null) return undefined;
  if (!isObject(text)) return wrongType(text, 'an object', 'text');
  const { format, verbosity } = text;
  if (verbosity !== undefined && verbosity !== null && !VERBOSITIES.includes(String(verbosity))) {
    return unsupported(verbosity, VERBOSITIES, 'text.verbosity');
  }
  if (format === undefined || format === null) return undefined;
  if (!isObject(format)) return wrongType(format, 'an object', 'text.format');
  if (!FORMATS.includes(String(format.type))) return unsupported(format.type, FORMATS, 'text.format.type');
  return format.type === 'json_schema' ? findJsonSchemaProblem(format) : undefined;
}

function findJsonSchemaProblem({ name, schema, strict }: JsonObject): ApiError | undefined {
  if (name === undefined) return missing('text.format.name');
  if (!NAME.test(String(name))) return notMatching('text.format.name', NAME);
  if (!isObject(schema)) return missing('text.format.schema');
  const refuse = (why: string) =>
    problem(`Invalid schema for response_format '${name}': ${why}`, 'text.format.schema', 'invalid_json_schema');
  if (schema.type !== 'object') {
    const type = schema.type === undefined ? 'None' : `"${schema.type}"`;
    return refuse(`schema must be a JSON Schema of 'type: "object"', got 'type: ${type}'.`);
  }
  const why = strict === true ? findSchemaProblem(schema) : undefined;
  return why === undefined ? undefined : refuse(why);
}
