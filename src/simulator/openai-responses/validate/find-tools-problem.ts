import { elements, isObject, type JsonObject } from '../../json.ts';
import type { ApiError } from '../api-error.ts';
import { findSchemaProblem } from './find-schema-problem.ts';
import { missing, notMatching, problem, unsupported, wrongType } from './problems.ts';

const TYPES = `function custom namespace web_search web_search_2025_08_26 web_search_preview
  web_search_preview_2025_03_11 file_search computer computer_use_preview mcp code_interpreter image_generation
  local_shell shell apply_patch tool_search programmatic_tool_calling`.split(/\s+/);
const NAME = /^[a-zA-Z0-9_-]+$/;
const MODES = ['none', 'auto', 'required'];

/** Tool definitions, those that the input adds too, and the choice among them. */
export function findToolsProblem({ tools, tool_choice: choice, input }: JsonObject): ApiError | undefined {
  if (tools !== undefined && tools !== null && !Array.isArray(tools)) {
    return wrongType(tools, 'an array of objects', 'tools');
  }
  const added = elements(input).flatMap((item, index) =>
    isObject(item) && item.type === 'additional_tools'
      ? [[elements(item.tools), `input[${index}].tools`] as const]
      : [],
  );
  const lists = [[elements(tools), 'tools'] as const, ...added];
  for (const [list, at] of lists) {
    const found = findListProblem(list, at);
    if (found) return found;
  }
  return findChoiceProblem(
    choice,
    lists.flatMap(([list]) => list),
  );
}

function findListProblem(list: readonly unknown[], at: string): ApiError | undefined {
  for (const [index, tool] of list.entries()) {
    const found = findToolProblem(tool, `${at}[${index}]`);
    if (found) return found;
  }
  return undefined;
}

function findToolProblem(tool: unknown, at: string): ApiError | undefined {
  if (!isObject(tool)) return wrongType(tool, 'an object', at);
  const { type, name } = tool;
  if (type === undefined) return missing(`${at}.type`);
  if (!TYPES.includes(String(type))) return unsupported(type, TYPES, `${at}.type`);
  if (type !== 'function' && type !== 'custom' && type !== 'namespace') return undefined;
  if (name === undefined) return missing(`${at}.name`);
  if (typeof name !== 'string') return wrongType(name, 'a string', `${at}.name`);
  if (!NAME.test(name)) return notMatching(`${at}.name`, NAME);
  if (type === 'namespace') return findListProblem(elements(tool.tools), `${at}.tools`);
  return type === 'function' ? findParametersProblem(tool, at) : undefined;
}

function findParametersProblem({ name, parameters, strict }: JsonObject, at: string): ApiError | undefined {
  const refuse = (why: string) =>
    problem(`Invalid schema for function '${name}': ${why}`, `${at}.parameters`, 'invalid_function_parameters');
  if (parameters === undefined || parameters === null) return undefined;
  if (!isObject(parameters)) return wrongType(parameters, 'an object', `${at}.parameters`);
  if (parameters.type !== 'object') {
    const type = parameters.type === undefined ? 'None' : `"${parameters.type}"`;
    return refuse(`schema must be a JSON Schema of 'type: "object"', got 'type: ${type}'.`);
  }
  const why = strict === true ? findSchemaProblem(parameters) : undefined;
  return why === undefined ? undefined : refuse(why);
}

function findChoiceProblem(choice: unknown, tools: readonly unknown[]): ApiError | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') {
    if (!MODES.includes(choice)) return unsupported(choice, MODES, 'tool_choice');
    return choice === 'required' && tools.length === 0
      ? problem("Tool choice 'required' must be specified with 'tools' parameter.", 'tool_choice')
      : undefined;
  }
  if (!isObject(choice)) return wrongType(choice, 'one of a tool choice object or string', 'tool_choice');
  const { type, name } = choice;
  if (type === 'allowed_tools') return undefined;
  if (name === undefined && (type === 'function' || type === 'custom')) return missing('tool_choice.name');
  const found = tools.some((tool) => isObject(tool) && tool.type === type && tool.name === name);
  return found ? undefined : problem(`Tool choice '${type}' not found in 'tools' parameter.`, 'tool_choice');
}
