import { elements, isObject, type JsonObject } from '../../json.ts';
import { findBytesProblem, findMediaProblem } from './find-media-problem.ts';

const DATA: readonly string[] = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
];

/** One part: it has data, of one kind. */
export function findPartProblem(part: unknown, at: string): string | undefined {
  const given = isObject(part) ? DATA.filter((name) => part[name] !== undefined && part[name] !== null) : [];
  if (!isObject(part) || given.length === 0) {
    return `* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field\n`;
  }
  if (given.length > 1) {
    return `Invalid value at '${at}' (oneof), oneof field 'data' is already set. Cannot set '${given[1]}'`;
  }
  const { text, thoughtSignature, inlineData, functionCall, functionResponse } = part;
  return (
    (thoughtSignature === undefined ? undefined : findBytesProblem(thoughtSignature, `${at}.thought_signature`)) ??
    (text === undefined || typeof text === 'string'
      ? undefined
      : `Invalid value at '${at}.text' (TYPE_STRING), ${JSON.stringify(text)}`) ??
    (isObject(inlineData) ? findMediaProblem(inlineData, `${at}.inline_data`) : undefined) ??
    (isObject(functionCall) ? findCallProblem(functionCall, `${at}.function_call`) : undefined) ??
    (isObject(functionResponse) ? findResponseProblem(functionResponse, `${at}.function_response`) : undefined)
  );
}

function findCallProblem({ name, args }: JsonObject, at: string): string | undefined {
  return findNameProblem(name, at) ?? (args === undefined ? undefined : findStructProblem(args, `${at}.args`));
}

function findResponseProblem({ name, response, parts }: JsonObject, at: string): string | undefined {
  const problem = findNameProblem(name, at) ?? findStructProblem(response, `${at}.response`);
  if (problem) return problem;
  for (const [index, part] of elements(parts).entries()) {
    if (!isObject(part) || !isObject(part.inlineData)) continue;
    const mediaProblem = findMediaProblem(part.inlineData, `${at}.parts[${index}].inline_data`);
    if (mediaProblem) return mediaProblem;
  }
  return undefined;
}

function findNameProblem(name: unknown, at: string): string | undefined {
  return typeof name === 'string' && name !== ''
    ? undefined
    : `* GenerateContentRequest.${at}.name: Name cannot be empty.\n`;
}

function findStructProblem(value: unknown, at: string): string | undefined {
  return isObject(value)
    ? undefined
    : `Invalid value at '${at}' (type.googleapis.com/google.protobuf.Struct), ${JSON.stringify(value) ?? 'null'}`;
}
