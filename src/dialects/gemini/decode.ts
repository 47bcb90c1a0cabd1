import type { Operation } from '../../core/operation.ts';
import type { DecodeContext } from '../decode-context.ts';
import { invalid, isObject, quote } from '../read.ts';
import { readContents, readSystemInstruction } from './contents.ts';
import { field } from './fields.ts';
import { readGenerationConfig } from './generation-config.ts';
import { startReading } from './reading.ts';
import { readTarget } from './target.ts';
import { selectTools } from './tool-choice.ts';
import { readTools } from './tools.ts';

/** What the answer needs to know of its request. */
export interface GeminiOptions {
  /** How the pieces of a streamed answer follow each other: as events, or as the elements of one JSON array. */
  framing: 'sse' | 'json-array';
  /** The caller wants to read the thoughts. */
  includeThoughts: boolean;
}

/** Whole fields that nothing behind this server can honour. */
const unused = ['safetySettings', 'cachedContent', 'modelArmorConfig'];

/**
 * Reads a request: its model and what is to be done with it stand in the path, as the parameter `target`. Throws
 * `invalid-request` or `invalid-image`, naming the field as the caller spells it, and `not-found` for an unknown verb.
 */
export function decode(body: unknown, context: DecodeContext): Operation<GeminiOptions> {
  const { model, verb } = readTarget(context.parameters.target ?? '');
  if (!isObject(body)) throw invalid('', `must be a JSON object, not ${quote(body)}`);
  const counts = verb === 'countTokens';
  const whole = counts ? field(body, 'generateContentRequest', '') : { value: undefined, at: '' };
  const nested = isObject(whole.value);
  const request = nested ? (whole.value as Record<string, unknown>) : body;
  const place = nested ? whole.at : '';
  const at = (name: string) => field(request, name, place);

  const reading = startReading(context.limits);
  const messages = readContents(at('contents'), reading, !counts);
  const system = readSystemInstruction(at('systemInstruction'));
  const settings = readGenerationConfig(at('generationConfig'));
  const declared = readTools(at('tools'));
  const { tools, choice, at: choiceAt } = selectTools(declared.tools, at('toolConfig'));
  const { values, asked } = settings;
  if (choice) {
    values.toolChoice = choice;
    asked.toolChoice = choiceAt;
  }
  if (declared.webSearchAt !== undefined) {
    values.webSearch = true;
    asked.webSearch = declared.webSearchAt;
  }
  const streams = verb === 'streamGenerateContent';
  return {
    kind: counts ? 'count-tokens' : 'generate',
    request: { model, ...(system !== undefined && { system }), messages, tools, ...values },
    choices: settings.choices,
    stream: streams,
    asked,
    ignored: [
      ...unused
        .map(at)
        .filter(isAsked)
        .map(({ at }) => at),
      ...declared.ignored,
      ...settings.ignored,
    ],
    places: reading.places,
    options: {
      framing: streams && context.query.alt !== 'sse' ? 'json-array' : 'sse',
      includeThoughts: settings.includeThoughts,
    },
  };
}

function isAsked({ value }: { value: unknown }): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
