import { Ajv2020 } from 'ajv/dist/2020.js';
import { GatewayError } from '../core/error.ts';
import type { OutputFormat } from '../core/request.ts';
import type { JsonSchema } from '../core/tool.ts';
import type { Generate } from './middleware.ts';

/**
 * Holds an answer to the schema that its caller gave. The model's API enforces the schema while the text streams; this
 * is the check at the end, and a strict answer that fails it is an error instead of a wrong success.
 */
export function jsonSchema(next: Generate): Generate {
  return async function* generate(request) {
    const format = request.outputFormat;
    if (format?.kind !== 'json-schema') {
      yield* next(request);
      return;
    }
    const fault = schemaFault(format.schema);
    if (fault !== undefined) {
      throw new GatewayError('invalid-request', `The response schema is not a valid JSON schema: ${fault}`);
    }
    let text = '';
    let isAnswer = true;
    for await (const event of next(request)) {
      if (event.type === 'text-delta') text += event.text;
      if (event.type === 'refusal-delta' || event.type === 'tool-call-start') isAnswer = false;
      if (event.type === 'finish' && event.reason === 'stop' && event.stopSequence === undefined && isAnswer) {
        check(text, format);
      }
      yield event;
    }
  };
}

function check(text: string, format: Extract<OutputFormat, { kind: 'json-schema' }>): void {
  const ajv = newValidator();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new GatewayError('provider-failed', 'The model did not answer with JSON as the response format asks.');
  }
  if (ajv.validate(withoutPatterns(format.schema), value)) return;
  const detail = ajv.errorsText(ajv.errors, { dataVar: 'answer' });
  throw new GatewayError('provider-failed', `The model's answer does not follow the response schema: ${detail}`);
}

/** What is wrong with a schema itself, or undefined. */
function schemaFault(schema: JsonSchema): string | undefined {
  try {
    newValidator().compile(withoutPatterns(schema));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function newValidator(): Ajv2020 {
  return new Ajv2020({ strict: false, allErrors: false, validateFormats: false, logger: false });
}

/** A caller's regular expression could keep this process busy for ever: patterns are left to the model's API. */
function withoutPatterns(node: JsonSchema): JsonSchema {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => {
      if (key === 'pattern' && typeof value === 'string') return undefined;
      return key === 'patternProperties' || key === '$schema' || key === '$id' ? undefined : value;
    }),
  ) as JsonSchema;
}
