import { elements, isObject, type JsonObject } from '../../json.ts';

/** Tool declarations, what they go together with, and the choice among them. */
export function findToolsProblem(
  { tools, toolConfig, generationConfig }: JsonObject,
  model: string,
): string | undefined {
  const given = elements(tools).filter(isObject);
  const functions = given.flatMap(({ functionDeclarations }) => elements(functionDeclarations)).filter(isObject);
  const names = functions.map(({ name }) => name);
  const builtIn = given.some((tool) => Object.keys(tool).some((kind) => kind !== 'functionDeclarations'));
  const config = isObject(toolConfig) ? toolConfig : {};
  return (
    findDeclarationProblem(given) ??
    findDuplicate(names) ??
    (builtIn && functions.length > 0 && config.includeServerSideToolInvocations !== true
      ? 'Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.'
      : undefined) ??
    findFormatProblem(generationConfig, builtIn, functions.length > 0, model) ??
    findChoiceProblem(config.functionCallingConfig, names)
  );
}

function findDeclarationProblem(tools: readonly JsonObject[]): string | undefined {
  for (const [index, { functionDeclarations }] of tools.entries()) {
    for (const [position, declaration] of elements(functionDeclarations).entries()) {
      const at = `* GenerateContentRequest.tools[${index}].function_declarations[${position}]`;
      if (!isObject(declaration)) return `${at}: Function declaration must be an object.\n`;
      if (!/^[a-zA-Z_][\w.:-]{0,127}$/.test(String(declaration.name ?? ''))) {
        return (
          `${at}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, ` +
          'A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n'
        );
      }
      if (declaration.parameters !== undefined && declaration.parametersJsonSchema !== undefined) {
        return `${at}: parameters and parameters_json_schema must not both be set.\n`;
      }
    }
  }
  return undefined;
}

function findDuplicate(names: readonly unknown[]): string | undefined {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `Duplicate function declaration found: ${twice}`;
}

/** Only newer models give JSON and use tools in the same answer. */
function findFormatProblem(config: unknown, builtIn: boolean, calls: boolean, model: string): string | undefined {
  const type = isObject(config) ? config.responseMimeType : undefined;
  if (type !== 'application/json' || /^gemini-[3-9]/.test(model)) return undefined;
  if (calls) return `Function calling with a response mime type: '${type}' is unsupported`;
  return builtIn ? `Tool use with a response mime type: '${type}' is unsupported` : undefined;
}

const MODES: readonly unknown[] = [undefined, 'MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'];

function findChoiceProblem(config: unknown, names: readonly unknown[]): string | undefined {
  if (!isObject(config)) return undefined;
  const { mode } = config;
  if (!MODES.includes(mode)) {
    return (
      "Invalid value at 'tool_config.function_calling_config.mode' " +
      `(type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), ${JSON.stringify(mode)}`
    );
  }
  const allowed = elements(config.allowedFunctionNames);
  if (mode === 'ANY' && names.length === 0) return 'Function calling config is set without function_declarations.';
  if (allowed.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED') {
    return 'Allowed function names should only be set when the function calling mode is ANY or VALIDATED.';
  }
  const unknown = allowed.find((name) => !names.includes(name));
  return unknown === undefined
    ? undefined
    : `Allowed function name ${JSON.stringify(unknown)} is not among the function declarations.`;
}
