import { elements, isObject, type JsonObject } from '../json.ts';
import type { Prompt } from '../prompt.ts';
import { jsonSchema } from './json-schema.ts';

/** Reads the last user content, whatever comes after it; tolerates any body. */
export function readPrompt(body: unknown): Prompt {
  const request = isObject(body) ? body : {};
  const contents = elements(request.contents).filter(isObject);
  const last = contents.findLast(({ role }) => role !== 'model');
  const parts = elements(last?.parts).filter(isObject);
  const config = isObject(request.generationConfig) ? request.generationConfig : {};
  return {
    text: clean(parts.map(({ text }) => (typeof text === 'string' ? text : ''))),
    toolResults: parts.flatMap(({ functionResponse }) =>
      isObject(functionResponse) ? [readResult(functionResponse)] : [],
    ),
    outputSchema: readSchema(config),
    forcedTool: readForcedTool(request),
    webSearch: elements(request.tools).some((tool) => isObject(tool) && 'googleSearch' in tool),
    stopSequences: elements(config.stopSequences).filter((sequence) => typeof sequence === 'string'),
  };
}

/** Texts as one, without what Gemini CLI tells the model about where it runs. */
function clean(texts: readonly string[]): string {
  return texts
    .map((text) => text.replace(/<(session|hook)_context>.*?(<\/\1_context>|$)/gs, '').trim())
    .filter((text) => text !== '')
    .join('\n');
}

/** A result's output, out of the tags that Gemini CLI puts around what others wrote. */
function readResult({ response }: JsonObject): string {
  const value = isObject(response) ? (response.output ?? response.error ?? response) : response;
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  return text.replace(/^\s*<untrusted_context>\n?(.*?)\n?<\/untrusted_context>\s*$/s, '$1').trim();
}

/** The only tool that may be called, where one must be. */
function readForcedTool(request: JsonObject): Prompt['forcedTool'] {
  const toolConfig = isObject(request.toolConfig) ? request.toolConfig : {};
  const config = isObject(toolConfig.functionCallingConfig) ? toolConfig.functionCallingConfig : {};
  const [name, ...others] = elements(config.allowedFunctionNames);
  if (config.mode !== 'ANY' || typeof name !== 'string' || others.length > 0) return undefined;
  const declaration = declarations(request).find((one) => one.name === name) ?? {};
  const { parametersJsonSchema, parameters } = declaration;
  return { name, schema: isObject(parametersJsonSchema) ? parametersJsonSchema : jsonSchema(asObject(parameters)) };
}

/** The tools that the caller runs. */
export function declarations(request: JsonObject): JsonObject[] {
  const tools = elements(request.tools).filter(isObject);
  return tools.flatMap(({ functionDeclarations }) => elements(functionDeclarations).filter(isObject));
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function readSchema({ responseMimeType, responseSchema, responseJsonSchema }: JsonObject): JsonObject | undefined {
  if (isObject(responseJsonSchema)) return responseJsonSchema;
  if (isObject(responseSchema)) return jsonSchema(responseSchema);
  return responseMimeType === 'application/json' ? { type: 'object' } : undefined;
}
