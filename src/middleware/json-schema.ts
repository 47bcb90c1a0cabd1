import { GatewayError } from '../core/error.ts';
import type { GenerateRequest, OutputFormat } from '../core/request.ts';
import { type CompiledSchema, compileSchema } from './check-schema.ts';
import type { Generate } from './middleware.ts';
import { leavesObjectsOpen } from './open-schema.ts';

type SchemaFormat = Extract<OutputFormat, { kind: 'json-schema' }>;

/**
 * Holds an answer to the schema that its caller gave. The model's API enforces the schema while the text streams; this
 * is the check at the end: what is not JSON, or breaks a schema that is meant strictly, is an error and no success.
 */
export function jsonSchema(next: Generate): Generate {
  return (request) =>
    request.outputFormat?.kind === 'json-schema' ? hold(next, request, request.outputFormat) : next(request);
}

async function* hold(next: Generate, request: GenerateRequest, format: SchemaFormat) {
  const schema = compileSchema(format.schema);
  if (schema.fault !== undefined) throw refusal(`The response schema is not a valid JSON schema: ${schema.fault}`);
  if (format.strict && leavesObjectsOpen(format.schema)) {
    throw refusal(
      'A strict response schema must name the properties of every object and set additionalProperties: false.',
    );
  }
  let text = '';
  let isAnswer = true;
  for await (const event of next(request)) {
    if (event.type === 'text-delta') text += event.text;
    if (event.type === 'refusal-delta' || event.type === 'tool-call-start') isAnswer = false;
    if (event.type === 'finish' && event.reason === 'stop' && event.stopSequence === undefined && isAnswer) {
      check(text, format, schema);
    }
    yield event;
  }
}

function refusal(message: string): GatewayError {
  return new GatewayError('invalid-request', message, { parameter: 'outputFormat' });
}

function check(text: string, format: SchemaFormat, schema: Extract<CompiledSchema, { check: unknown }>): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new GatewayError('provider-failed', 'The model did not answer with JSON as the response format asks.');
  }
  const fault = format.strict ? schema.check(value) : undefined;
  if (fault === undefined) return;
  throw new GatewayError('provider-failed', `The model's answer does not follow the response schema: ${fault}`);
}
