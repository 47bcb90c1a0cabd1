import { elements, isObject, type JsonObject } from '../../json.ts';
import { empty, firstProblem, invalid, missing, type Problem } from './problem.ts';

/** Tool calls and their results: each call is answered once, before anybody else speaks. */
export function findPairingProblem(messages: unknown): Problem | undefined {
  const open = new Set<unknown>();
  const problem = firstProblem(elements(messages).filter(isObject), (message, index) => {
    const at = `messages[${index}]`;
    if (message.role === 'tool') return findResultProblem(message, at, open);
    return findUnanswered(open) ?? (message.role === 'assistant' ? findCallsProblem(message, at, open) : undefined);
  });
  return problem ?? findUnanswered(open);
}

function findResultProblem({ tool_call_id: id }: JsonObject, at: string, open: Set<unknown>): Problem | undefined {
  if (id === undefined) return missing(`${at}.tool_call_id`);
  if (open.delete(id)) return undefined;
  const message =
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
  return invalid(`${at}.role`, message, null);
}

function findUnanswered(open: ReadonlySet<unknown>): Problem | undefined {
  if (open.size === 0) return undefined;
  const message =
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
    `The following tool_call_ids did not have response messages: ${[...open].join(', ')}`;
  return invalid('messages', message, null);
}

function findCallsProblem({ tool_calls: calls }: JsonObject, at: string, open: Set<unknown>): Problem | undefined {
  if (calls === undefined || calls === null) return undefined;
  if (Array.isArray(calls) && calls.length === 0) return empty(`${at}.tool_calls`);
  return firstProblem(elements(calls), (call, index) => {
    const problem = findCallProblem(call, `${at}.tool_calls[${index}]`);
    if (problem || !isObject(call)) return problem;
    if (open.has(call.id)) {
      return invalid(`${at}.tool_calls[${index}].id`, `Duplicate value for 'tool_call_id' of '${call.id}'`, null);
    }
    open.add(call.id);
    return undefined;
  });
}

function findCallProblem(call: unknown, at: string): Problem | undefined {
  if (!isObject(call)) return invalid(at, `Invalid type for '${at}': expected an object.`, 'invalid_type');
  if (typeof call.id !== 'string' || call.id === '') return missing(`${at}.id`);
  if (call.type === undefined) return missing(`${at}.type`);
  if (call.type !== 'function') {
    return invalid(`${at}.type`, `Invalid value: '${call.type}'. Supported values are: 'function'.`);
  }
  if (!isObject(call.function)) return missing(`${at}.function`);
  const { name, arguments: json } = call.function;
  if (typeof name !== 'string' || name === '') return missing(`${at}.function.name`);
  if (json === undefined) return missing(`${at}.function.arguments`);
  if (isJsonObject(json)) return undefined;
  const message =
    '<400> InternalError.Algo.InvalidParameter: The "function.arguments" parameter of the code model must be in JSON format.';
  return { message, param: null, code: 'invalid_parameter_error' };
}

function isJsonObject(json: unknown): boolean {
  try {
    return typeof json === 'string' && isObject(JSON.parse(json));
  } catch {
    return false;
  }
}
