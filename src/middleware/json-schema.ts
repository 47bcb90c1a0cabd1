import { Ajv2020 } from 'ajv/dist/2020.js';
import { GatewayError } from '../core/error.ts';
import type { OutputFormat } from '../core/request.ts';
import type { JsonSchema } from '../core/tool.ts';
import type { Generate } from './middleware.ts';
import { leavesObjectsOpen } from './open-schema.ts';

/**
 * Holds an answer to the schema that its caller gave. The model's API enforces the schema while the text streams; this
 * is the check at the end: what is not JSON, or breaks a schema that is meant strictly, is an error and no success.
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
    if (format.strict && leavesObjectsOpen(format.schema)) {
      const message =
        'A strict response schema must name the properties of every object and set additionalProperties: false.';
      throw new GatewayError('invalid-request', message);
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
  if (!format.strict || !isCheap(format.schema) || ajv.validate(withoutPatterns(format.schema), value)) return;
  const detail = ajv.errorsText(ajv.errors, { dataVar: 'answer' });
  throw new GatewayError('provider-failed', `The model's answer does not follow the response schema: ${detail}`);
}

/**
 * Whether checking against this schema takes a bounded time: a few references to each other's references can multiply
 * into hours. What is dearer is left to the model's API.
 */
function isCheap(schema: JsonSchema): boolean {
  let nodes = 0;
  let references = 0;
  const pending: unknown[] = [schema];
  while (pending.length > 0 && nodes <= mostNodes && references <= mostReferences) {
    const node = pending.pop();
    if (typeof node !== 'object' || node === null) continue;
    nodes += 1;
    if ('$ref' in node || '$dynamicRef' in node) references += 1;
    for (const member of Object.values(node)) pending.push(member);
  }
  return nodes <= mostNodes && references <= mostReferences;
}

/** What is wrong with a schema itself, or undefined. */
function schemaFault(schema: JsonSchema): string | undefined {
  if (!isCheap(schema)) return undefined;
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

const mostNodes = 2_000;
const mostReferences = 24;

/** Whose members are schemas under names of the caller's own. */
const named = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
/** Values, not schemas. */
const literal = new Set(['const', 'enum', 'default', 'examples']);

/** A caller's regular expression could keep this process busy for ever: patterns are left to the model's API. */
function withoutPatterns(schema: JsonSchema): JsonSchema {
  const plain = Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'pattern' || key === '$schema' || key === '$id') return [];
    if (literal.has(key)) return [[key, value]];
    return [[key, named.has(key) && isObject(value) ? mapValues(value, withoutPatternsIn) : withoutPatternsIn(value)]];
  });
  return Object.fromEntries(plain) as JsonSchema;
}

function withoutPatternsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPatternsIn);
  return isObject(value) ? withoutPatterns(value) : value;
}

function mapValues(record: Record<string, unknown>, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
