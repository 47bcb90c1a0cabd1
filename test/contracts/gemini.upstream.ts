import type { ToolChoice } from '../../src/core/tool.ts';
import type { RecordedRequest } from '../../src/simulator/recorder.ts';
import type { Upstream, UpstreamMessage, UpstreamPart } from './provider/upstream.ts';

interface Body {
  contents: { role: string; parts: Part[] }[];
  systemInstruction?: { parts: Part[] };
  tools?: { functionDeclarations: Declaration[] }[];
  toolConfig?: { functionCallingConfig?: { mode?: string; allowedFunctionNames?: string[] } };
  generationConfig?: {
    temperature?: number;
    topP?: number;
    maxOutputTokens?: number;
    stopSequences?: string[];
    thinkingConfig?: { thinkingLevel?: string; thinkingBudget?: number };
  };
}

interface Declaration {
  name: string;
  description?: string;
  parametersJsonSchema: { properties?: Record<string, unknown> };
}

interface Part {
  text?: string;
  inlineData?: { mimeType: string; data: string };
  functionCall?: { id?: string; name: string; args: unknown };
  functionResponse?: { id?: string; name: string; response: { output?: string; error?: string }; parts?: Part[] };
}

/** The tool by which an answer of a certain form is given: see `json-answer.ts` of the provider. */
const answerTool = 'mcp_t_json_answer';
/** What stands for a system prompt where there is none. */
const noSystem = 'You are a helpful assistant.';

/** A request to Gemini's API as Gemini CLI sends it. */
export function readGeminiUpstream({ body, path }: RecordedRequest): Upstream {
  const { contents, systemInstruction, tools = [], toolConfig, generationConfig: config = {} } = body as Body;
  const declarations = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  const answer = declarations.find(({ name }) => name === answerTool);
  const system = systemInstruction?.parts.map(({ text = '' }) => text).join('') ?? '';
  const { thinkingLevel, thinkingBudget } = config.thinkingConfig ?? {};
  const toolChoice = answer === undefined ? readChoice(toolConfig?.functionCallingConfig) : undefined;
  return {
    model: /models\/([^:]+):/.exec(path)?.[1] ?? '',
    system: system === noSystem ? '' : system,
    messages: contents.map(readMessage),
    tools: declarations.filter((one) => one !== answer).map(readTool),
    ...(toolChoice && { toolChoice }),
    parallelToolCalls: true,
    effort: thinkingLevel?.toLowerCase(),
    reasoning: thinkingBudget !== 0,
    maxOutputTokens: config.maxOutputTokens,
    temperature: config.temperature,
    topP: config.topP,
    stop: config.stopSequences,
    outputSchema: answer && readTool(answer).schema,
  };
}

function readTool({ name, description = '', parametersJsonSchema }: Declaration) {
  const { wait_for_previous: _, ...properties } = parametersJsonSchema.properties ?? {};
  return { name: own(name), description, schema: { ...parametersJsonSchema, properties } };
}

function readChoice(config: { mode?: string; allowedFunctionNames?: string[] } = {}): ToolChoice | undefined {
  const [name] = config.allowedFunctionNames ?? [];
  if (config.mode === 'NONE') return { mode: 'none' };
  if (config.mode !== 'ANY') return undefined;
  return name === undefined ? { mode: 'required' } : { mode: 'tool', name: own(name) };
}

function readMessage({ role, parts }: Body['contents'][number]): UpstreamMessage {
  return { role: role === 'model' ? 'assistant' : 'user', content: parts.map(readPart) };
}

function readPart(part: Part): UpstreamPart {
  const { text, inlineData, functionCall, functionResponse } = part;
  if (text !== undefined) return { text };
  if (inlineData !== undefined) {
    const { mimeType: mediaType, data } = inlineData;
    return mediaType.startsWith('image/') ? { image: data, mediaType } : { document: data, mediaType };
  }
  if (functionCall !== undefined) {
    return { call: functionCall.id ?? '', name: own(functionCall.name), arguments: functionCall.args };
  }
  if (functionResponse === undefined) return { unknown: part };
  const { output, error } = functionResponse.response;
  return {
    result: functionResponse.id ?? '',
    content: [{ text: unwrapped(output ?? error ?? '') }, ...(functionResponse.parts ?? []).map(readPart)],
    isError: error !== undefined,
  };
}

/** The tool's name without what the CLI puts in front. */
function own(name: string): string {
  return name.replace(/^mcp_t_/, '');
}

/** A result without the tags that the CLI puts around what comes from tools. */
function unwrapped(text: string): string {
  return text.replace(/^<untrusted_context>\n(.*)\n<\/untrusted_context>$/s, '$1');
}
