import { z } from 'zod';
import type { Operation } from '../../core/operation.ts';
import type { GenerateRequest, OutputFormat, Parameter } from '../../core/request.ts';
import { anyObject, anything, checkNesting, read } from '../read.ts';
import { type Field, field, fields } from './fields.ts';
import { toJsonSchema } from './schema.ts';
import { readThinking } from './thinking.ts';

const penalty = z.number().min(-2).max(2).nullish();
const mimeTypes = ['text/plain', 'application/json', 'text/x.enum'] as const;

const wireConfig = fields({
  temperature: z.number().min(0).max(2).nullish(),
  topP: z.number().min(0).max(1).nullish(),
  topK: z.number().min(0).refine(Number.isInteger, 'must be a whole number').nullish(),
  maxOutputTokens: z.int().min(1).nullish(),
  stopSequences: z.union([z.string(), z.array(z.string()).max(16)], 'must be an array of at most 16 strings').nullish(),
  candidateCount: z.int().min(1).max(8).nullish(),
  seed: z.number().refine(Number.isInteger, 'must be a whole number').nullish(),
  presencePenalty: penalty,
  frequencyPenalty: penalty,
  responseMimeType: z.enum(mimeTypes).nullish(),
  responseSchema: anyObject.nullish(),
  responseJsonSchema: anyObject.nullish(),
  thinkingConfig: anything,
});

/** Settings that nothing behind this server can honour, and when each of them asks for something. */
const asksFor: Record<string, (value: unknown) => boolean> = {
  responseLogprobs: (value) => value === true,
  logprobs: (value) => typeof value === 'number' && value > 0,
  responseModalities: (value) => [value].flat().some((one) => one !== 'TEXT' && one !== 'text'),
  responseMimeType: (value) => value === 'text/x.enum',
  speechConfig: () => true,
  imageConfig: () => true,
  mediaResolution: (value) => value !== 'MEDIA_RESOLUTION_UNSPECIFIED',
  routingConfig: () => true,
};

interface Settings {
  values: Pick<GenerateRequest, Parameter>;
  asked: Operation['asked'];
  ignored: string[];
  choices: number;
  includeThoughts: boolean;
}

/** The settings of a body, each asked for by its place in there. */
export function readGenerationConfig(config: Field): Settings {
  const { at } = config;
  const object = read(anyObject, config.value ?? {}, at);
  const wire = read(wireConfig, object, at);
  const values: Settings['values'] = {};
  const asked: Settings['asked'] = {};
  // What the API does by default is passed on, but asks for nothing: some clients always send it.
  function take<P extends Parameter>(
    parameter: P,
    name: string,
    value: GenerateRequest[P] | null,
    ordinary: readonly GenerateRequest[P][] = [],
  ): void {
    if (value === undefined || value === null) return;
    values[parameter] = value;
    if (!ordinary.includes(value)) asked[parameter] = field(object, name, at).at;
  }
  const thinking = readThinking(field(object, 'thinkingConfig', at));
  take('temperature', 'temperature', wire.temperature, [1]);
  take('topP', 'topP', wire.topP, [0.95, 1]);
  take('topK', 'topK', wire.topK || undefined, [64]);
  take('maxOutputTokens', 'maxOutputTokens', wire.maxOutputTokens);
  take('stop', 'stopSequences', stopSequences(wire.stopSequences));
  take('seed', 'seed', wire.seed);
  take('presencePenalty', 'presencePenalty', wire.presencePenalty, [0]);
  take('frequencyPenalty', 'frequencyPenalty', wire.frequencyPenalty, [0]);
  const { format, name } = outputFormat(wire, (name) => field(object, name, at).at);
  take('outputFormat', name, format);
  if (thinking.effort !== undefined) {
    values.effort = thinking.effort;
    asked.effort = thinking.effortAt;
  }
  return {
    values,
    asked,
    ignored: Object.keys(asksFor).flatMap((name) => {
      const found = field(object, name, at);
      return found.value !== undefined && asksFor[name]?.(found.value) ? [found.at] : [];
    }),
    choices: wire.candidateCount ?? 1,
    includeThoughts: thinking.includeThoughts,
  };
}

function stopSequences(stop: string | string[] | null | undefined): string[] | undefined {
  const sequences = [stop ?? []].flat().filter((sequence) => sequence !== '');
  return sequences.length > 0 ? sequences : undefined;
}

/** A schema asks for JSON by itself. It is enforced as far as a provider can: most have members that may be left out. */
function outputFormat(
  wire: z.output<typeof wireConfig>,
  placeOf: (name: string) => string,
): { format: OutputFormat | undefined; name: string } {
  const name = wire.responseSchema ? 'responseSchema' : 'responseJsonSchema';
  const schema = wire.responseSchema ?? wire.responseJsonSchema;
  if (schema && wire.responseMimeType !== 'text/x.enum') {
    checkNesting(schema, placeOf(name));
    return { format: { kind: 'json-schema', name: 'response', schema: toJsonSchema(schema), strict: false }, name };
  }
  const isJson = wire.responseMimeType === 'application/json';
  return { format: isJson ? { kind: 'json-object' } : undefined, name: 'responseMimeType' };
}
