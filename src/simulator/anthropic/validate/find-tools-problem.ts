import { elements, isObject, type JsonObject } from '../../json.ts';

/** Tool definitions and the choice among them. Tools that the API itself runs carry no schema. */
export function findToolsProblem({ tools, tool_choice: choice }: JsonObject): string | undefined {
  const names = new Set<unknown>();
  for (const [index, tool] of elements(tools).entries()) {
    if (!isObject(tool)) return `tools.${index}: Input should be a valid dictionary`;
    const problem = isServerTool(tool) ? undefined : findCustomProblem(tool, `tools.${index}.custom`);
    if (problem) return problem;
    if (names.has(tool.name)) return 'tools: Tool names must be unique.';
    names.add(tool.name);
  }
  if (choice === undefined) return undefined;
  if (names.size === 0) return 'tool_choice may only be specified while providing tools.';
  if (!isObject(choice) || !['auto', 'any', 'tool', 'none'].includes(String(choice.type))) {
    return "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'";
  }
  if (choice.type === 'tool' && !names.has(choice.name)) return `Tool '${choice.name}' not found in provided tools`;
  return undefined;
}

function isServerTool({ type }: JsonObject): boolean {
  return typeof type === 'string' && type !== 'custom';
}

function findCustomProblem({ name, input_schema: schema }: JsonObject, at: string): string | undefined {
  if (typeof name !== 'string') return `${at}.name: Field required`;
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) {
    return `${at}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`;
  }
  if (!isObject(schema)) return `${at}.input_schema: Field required`;
  if (schema.type === undefined) return `${at}.input_schema.type: Field required`;
  if (schema.type !== 'object') return `${at}.input_schema.type: Input should be 'object'`;
  if ('oneOf' in schema || 'allOf' in schema || 'anyOf' in schema) {
    return `${at}.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level`;
  }
  return undefined;
}
