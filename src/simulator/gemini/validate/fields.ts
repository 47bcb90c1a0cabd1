/** A message's fields by name, each with what is in it. */
export interface Message {
  readonly [field: string]: Kind;
}

/** Anything; a message or a list of them; messages under names of the caller's choice. */
export type Kind = 'anything' | { readonly message: () => Message } | { readonly named: () => Message };

const ANYTHING = 'anything';

function fields(...names: readonly string[]): Message {
  return Object.fromEntries(names.map((name) => [name, ANYTHING]));
}

/** The API's own words for a schema: a part of OpenAPI's. */
const SCHEMA: Message = {
  ...fields('type', 'format', 'title', 'description', 'nullable', 'enum', 'pattern', 'example', 'default', 'required'),
  ...fields('minItems', 'maxItems', 'minProperties', 'maxProperties', 'minLength', 'maxLength', 'minimum', 'maximum'),
  ...fields('propertyOrdering', 'additionalProperties', '$ref', '$defs'),
  properties: { named: () => SCHEMA },
  items: { message: () => SCHEMA },
  anyOf: { message: () => SCHEMA },
};

const BLOB: Message = fields('mimeType', 'data', 'displayName');

const FUNCTION_RESPONSE: Message = {
  ...fields('id', 'name', 'response', 'willContinue', 'scheduling'),
  parts: { message: () => ({ ...fields('fileData'), inlineData: { message: () => BLOB } }) },
};

const PART: Message = {
  ...fields('text', 'thought', 'thoughtSignature', 'fileData', 'executableCode', 'codeExecutionResult'),
  ...fields('toolCall', 'toolResponse', 'videoMetadata', 'partMetadata', 'mediaResolution'),
  inlineData: { message: () => BLOB },
  functionCall: { message: () => fields('id', 'name', 'args') },
  functionResponse: { message: () => FUNCTION_RESPONSE },
};

const CONTENT: Message = { role: ANYTHING, parts: { message: () => PART } };

const FUNCTION_DECLARATION: Message = {
  ...fields('name', 'description', 'behavior', 'parametersJsonSchema', 'responseJsonSchema'),
  parameters: { message: () => SCHEMA },
  response: { message: () => SCHEMA },
};

const TOOL: Message = {
  ...fields('googleSearch', 'googleSearchRetrieval', 'urlContext', 'codeExecution', 'computerUse', 'fileSearch'),
  ...fields('googleMaps', 'mcpServers'),
  functionDeclarations: { message: () => FUNCTION_DECLARATION },
};

const TOOL_CONFIG: Message = {
  ...fields('retrievalConfig', 'includeServerSideToolInvocations'),
  functionCallingConfig: { message: () => fields('mode', 'allowedFunctionNames') },
};

const GENERATION_CONFIG: Message = {
  ...fields('temperature', 'topP', 'topK', 'seed', 'candidateCount', 'maxOutputTokens', 'stopSequences'),
  ...fields('presencePenalty', 'frequencyPenalty', 'responseLogprobs', 'logprobs', 'enableEnhancedCivicAnswers'),
  ...fields('responseMimeType', 'responseJsonSchema', '_responseJsonSchema', 'responseModalities', 'mediaResolution'),
  ...fields('speechConfig', 'imageConfig'),
  responseSchema: { message: () => SCHEMA },
  thinkingConfig: { message: () => fields('includeThoughts', 'thinkingBudget', 'thinkingLevel') },
};

/** A request for content. */
export const REQUEST: Message = {
  ...fields('model', 'safetySettings', 'cachedContent', 'serviceTier', 'store'),
  contents: { message: () => CONTENT },
  systemInstruction: { message: () => CONTENT },
  tools: { message: () => TOOL },
  toolConfig: { message: () => TOOL_CONFIG },
  generationConfig: { message: () => GENERATION_CONFIG },
};
