import { elements, isObject, type JsonObject } from '../../json.ts';
import { findSchemaProblem } from './find-schema-problem.ts';
import { invalid, missing, type Problem } from './problem.ts';

/** The format of the answer. */
export function findFormatProblem({ response_format: format, messages }: JsonObject): Problem | undefined {
  if (format === undefined || format === null) return undefined;
  const type = isObject(format) ? format.type : undefined;
  switch (type) {
    case 'text':
      return undefined;
    case 'json_object':
      return /json/i.test(JSON.stringify(elements(messages)))
        ? undefined
        : invalid(
            'messages',
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
            null,
          );
    case 'json_schema':
      return isObject(format) ? findJsonSchemaProblem(format.json_schema) : undefined;
    default: {
      const message = `Invalid value: '${type}'. Supported values are: 'json_object', 'json_schema', and 'text'.`;
      return invalid('response_format.type', message);
    }
  }
}

function findJsonSchemaProblem(format: unknown): Problem | undefined {
  if (!isObject(format)) return missing('response_format.json_schema');
  const { name, schema, strict } = format;
  if (typeof name !== 'string') return missing('response_format.json_schema.name');
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    const at = 'response_format.json_schema.name';
    const pattern = "'^[a-zA-Z0-9_-]{1,64}$'";
    return invalid(
      at,
      `Invalid '${at}': string does not match pattern. Expected a string that matches the pattern ${pattern}.`,
    );
  }
  if (schema === undefined) return missing('response_format.json_schema.schema');
  const type = isObject(schema) ? (schema.type ?? 'None') : typeof schema;
  const problem =
    type === 'object'
      ? strict === true && findSchemaProblem(schema)
      : `schema must be a JSON Schema of 'type: "object"', got 'type: "${type}"'.`;
  return problem
    ? invalid('response_format', `Invalid schema for response_format '${name}': ${problem}`, null)
    : undefined;
}
