import { elements, isObject, type JsonObject } from '../../json.ts';
import { findSchemaProblem } from './find-schema-problem.ts';
import { firstProblem, invalid, missing, type Problem } from './problem.ts';

const CHOICES: readonly unknown[] = ['none', 'auto', 'required'];
const MOST_TOOLS = 128;

/** Tool definitions and the choice among them. DashScope takes an empty list for no tools. */
export function findToolsProblem(body: JsonObject): Problem | undefined {
  const tools = elements(body.tools);
  if (tools.length > MOST_TOOLS) {
    const message = `Invalid 'tools': array too long. Expected an array with maximum length ${MOST_TOOLS}, but got an array with length ${tools.length} instead.`;
    return invalid('tools', message, 'array_above_max_length');
  }
  return firstProblem(tools, (tool, index) => findToolProblem(tool, `tools[${index}]`)) ?? findUseProblem(body, tools);
}

function findToolProblem(tool: unknown, at: string): Problem | undefined {
  if (!isObject(tool)) return invalid(at, `Invalid type for '${at}': expected an object.`, 'invalid_type');
  if (tool.type === undefined) return missing(`${at}.type`);
  if (tool.type !== 'function') {
    return invalid(`${at}.type`, `Invalid value: '${tool.type}'. Supported values are: 'function'.`);
  }
  if (!isObject(tool.function)) return missing(`${at}.function`);
  const { name, parameters, strict } = tool.function;
  if (typeof name !== 'string') return missing(`${at}.function.name`);
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    const message = `Invalid '${at}.function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]{1,64}$'.`;
    return invalid(`${at}.function.name`, message);
  }
  if (parameters === undefined) return undefined;
  const problem = findRootProblem(parameters) ?? (strict === true ? findSchemaProblem(parameters) : undefined);
  if (!problem) return undefined;
  const message = `Invalid schema for function '${name}': ${problem}`;
  return invalid(`${at}.function.parameters`, message, 'invalid_function_parameters');
}

function findRootProblem(schema: unknown): string | undefined {
  const type = isObject(schema) ? (schema.type ?? 'None') : typeof schema;
  // A function without parameters may have an empty schema.
  if (type === 'object' || (isObject(schema) && Object.keys(schema).length === 0)) return undefined;
  return `schema must be a JSON Schema of 'type: "object"', got 'type: "${type}"'.`;
}

function findUseProblem(body: JsonObject, tools: readonly unknown[]): Problem | undefined {
  const { tool_choice: choice } = body;
  for (const name of ['tool_choice', 'parallel_tool_calls']) {
    if (tools.length === 0 && body[name] !== undefined && body[name] !== null) {
      return invalid(name, `Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`, null);
    }
  }
  if (choice === undefined || choice === null) return undefined;
  if (!CHOICES.includes(choice) && !(isObject(choice) && choice.type === 'function')) {
    const message = `Invalid value: '${isObject(choice) ? choice.type : choice}'. Supported values are: 'none', 'auto', and 'required'.`;
    return invalid('tool_choice', message);
  }
  if (isObject(choice)) {
    const name = isObject(choice.function) ? choice.function.name : undefined;
    if (name === undefined) return missing('tool_choice.function.name');
    if (!tools.some((tool) => isObject(tool) && isObject(tool.function) && tool.function.name === name)) {
      return invalid('tool_choice', `Tool choice '${name}' not found in 'tools' parameter.`, null);
    }
  }
  if (body.enable_thinking === true && (choice === 'required' || isObject(choice))) {
    const message =
      '<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode';
    return { message, param: null, code: 'invalid_parameter_error' };
  }
  return undefined;
}
