import type { Effort, GenerateRequest } from '../../core/request.ts';
import type { ToolNames } from '../tool-names.ts';
import { usualOutputTokens } from './environment.ts';
import type { ModelEntry, QwenLogin } from './login.ts';
import { toolPrefix } from './native-settings.ts';

/** The API judges what it can read: the CLI would have the model sum up a conversation that it takes for too long. */
const anyWindow = 100_000_000;

export interface SlotOptions {
  login: Pick<QwenLogin, 'method' | 'group' | 'entries' | 'settings'>;
  /** The model as the CLI knows it. */
  model: string;
  names: ToolNames;
  /** Where the CLI writes down what it asked the model API, and what came back. */
  exchanges: string;
}

/**
 * The settings file of the directory that a session is made in: the model and all that a request says about its answer.
 * A session keeps what it was made with.
 */
export function slotSettings(request: GenerateRequest, options: SlotOptions): Record<string, unknown> {
  const { login, model } = options;
  const entry = entryOf(login, model);
  const generationConfig = generation(request, entry, options);
  return {
    model: {
      name: model,
      ...(entry.baseUrl !== undefined && { baseUrl: entry.baseUrl }),
      ...(request.effort !== undefined && { reasoningEffort: nativeEffort(request.effort) }),
      enableOpenAILogging: true,
      openAILoggingDir: options.exchanges,
      generationConfig,
    },
    // A model that stands in this list gets its settings from here only, and one that does not may be passed over.
    modelProviders: { [login.group]: [{ ...entry, generationConfig }] },
  };
}

/** What the user's settings say of the model; of one that they do not name, where its neighbour is. */
function entryOf({ entries, settings }: SlotOptions['login'], model: string): ModelEntry {
  const usual = (settings.model as { name?: string } | undefined)?.name;
  const entry = entries.find(({ id }) => id === model) ?? entries.find(({ id }) => id === usual) ?? entries[0];
  if (entry === undefined || entry.id === model) return { ...entry, id: model };
  const { baseUrl, envKey } = entry;
  return { id: model, ...(baseUrl !== undefined && { baseUrl }), ...(envKey !== undefined && { envKey }) };
}

function generation(
  request: GenerateRequest,
  entry: ModelEntry,
  { login, names }: SlotOptions,
): Record<string, unknown> {
  const { samplingParams, extra_body: extraBody, ...own } = entry.generationConfig ?? {};
  const sampling = samplingOf(request, request.maxOutputTokens ?? ownLimit(samplingParams, own.contextWindowSize));
  const body = { ...(extraBody as object | undefined), ...toolChoice(request, names), ...responseFormat(request) };
  return {
    ...own,
    maxRetries: 0,
    contextWindowSize: anyWindow,
    // What the model cannot take is refused by its API: the CLI would put a placeholder in its stead.
    modalities: { image: true, pdf: true, audio: true, video: true },
    // Beside `samplingParams` the CLI would keep the effort to itself; other APIs than chat completions know no `extra_body`.
    ...(login.method === 'openai'
      ? { extra_body: { ...body, ...sampling } }
      : { extra_body: body, samplingParams: sampling }),
  };
}

function samplingOf(request: GenerateRequest, limit: number | undefined): Record<string, unknown> {
  return {
    ...(limit !== undefined && { max_tokens: limit }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.topK !== undefined && { top_k: request.topK }),
    ...(request.presencePenalty !== undefined && { presence_penalty: request.presencePenalty }),
    ...(request.frequencyPenalty !== undefined && { frequency_penalty: request.frequencyPenalty }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.stop?.length && { stop: request.stop }),
  };
}

/** The output limit that the user's settings set for the model, or that its small window asks for. */
function ownLimit(samplingParams: unknown, window: unknown): number | undefined {
  const { max_tokens: said } = (samplingParams ?? {}) as { max_tokens?: unknown };
  if (typeof said === 'number') return said;
  const share = typeof window === 'number' ? Math.floor(window / 4) : usualOutputTokens;
  return share < usualOutputTokens ? share : undefined;
}

function toolChoice(request: GenerateRequest, names: ToolNames): Record<string, unknown> {
  if (request.tools.length === 0) return {};
  const { toolChoice: choice, parallelToolCalls } = request;
  const native =
    choice?.mode === 'tool'
      ? { type: 'function', function: { name: toolPrefix + names.native(choice.name) } }
      : choice?.mode;
  return {
    ...(native !== undefined && native !== 'auto' && { tool_choice: native }),
    ...(parallelToolCalls === false && { parallel_tool_calls: false }),
  };
}

function responseFormat({ outputFormat: format }: GenerateRequest): Record<string, unknown> {
  if (format === undefined) return {};
  if (format.kind === 'json-object') return { response_format: { type: 'json_object' } };
  const { name, description, schema, strict } = format;
  return {
    response_format: {
      type: 'json_schema',
      json_schema: { name, ...(description !== undefined && { description }), schema, strict },
    },
  };
}

/** The CLI has no level below low. */
function nativeEffort(effort: Effort): string {
  return effort === 'minimal' ? 'low' : effort;
}
