import { z } from 'zod';
import type { Operation } from '../../core/operation.ts';
import { efforts, type GenerateRequest, type Parameter } from '../../core/request.ts';
import { anyObject, anything, isObject, read } from '../read.ts';
import { readOutputFormat } from './output-format.ts';

const positive = z.int().min(1).nullish();
const penalty = z.number().min(-2).max(2).nullish();
const effort = z.enum(efforts).nullish();
const verbosity = z.enum(['low', 'medium', 'high']).nullish();

// Neither is a field of the chat API, so that anything else under these names is an unknown field.
const ifObject = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (isObject(value) ? value : undefined), schema.optional());

const wireParameters = z.object({
  max_tokens: positive,
  max_completion_tokens: positive,
  max_output_tokens: positive,
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z
    .union([z.string(), z.array(z.string()).max(16)], 'must be a string or an array of at most 16 strings')
    .nullish(),
  seed: z.number().refine(Number.isInteger, 'must be a whole number').nullish(),
  presence_penalty: penalty,
  frequency_penalty: penalty,
  reasoning_effort: effort,
  reasoning: ifObject(z.object({ effort })),
  verbosity,
  text: ifObject(z.object({ verbosity, format: anything })),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: anything,
  web_search_options: anyObject.nullish(),
});

interface Settings {
  values: Pick<GenerateRequest, Parameter>;
  asked: Operation['asked'];
}

/**
 * The settings of a body except the tool choice. Those of the responses API that mean the same are read too; where one
 * is given twice the chat API's own name wins.
 */
export function readSettings(body: unknown): Settings {
  const wire = read(wireParameters, body, '');
  const values: Settings['values'] = {};
  const asked: Settings['asked'] = {};
  // A value that is what every model does anyway is passed on, but asks for nothing.
  function take<P extends Parameter>(
    parameter: P,
    wireName: string,
    value: GenerateRequest[P] | null,
    ordinary?: GenerateRequest[P],
  ): void {
    if (value === undefined || value === null || parameter in values) return;
    values[parameter] = value;
    if (value !== ordinary) asked[parameter] = wireName;
  }
  take('maxOutputTokens', 'max_completion_tokens', wire.max_completion_tokens);
  take('maxOutputTokens', 'max_tokens', wire.max_tokens);
  take('maxOutputTokens', 'max_output_tokens', wire.max_output_tokens);
  take('temperature', 'temperature', wire.temperature, 1);
  take('topP', 'top_p', wire.top_p, 1);
  take('stop', 'stop', stopSequences(wire.stop));
  take('seed', 'seed', wire.seed);
  take('presencePenalty', 'presence_penalty', wire.presence_penalty, 0);
  take('frequencyPenalty', 'frequency_penalty', wire.frequency_penalty, 0);
  take('effort', 'reasoning_effort', wire.reasoning_effort);
  take('effort', 'reasoning.effort', wire.reasoning?.effort);
  take('verbosity', 'verbosity', wire.verbosity, 'medium');
  take('verbosity', 'text.verbosity', wire.text?.verbosity, 'medium');
  take('parallelToolCalls', 'parallel_tool_calls', wire.parallel_tool_calls, true);
  take('outputFormat', 'response_format', readOutputFormat(wire.response_format, 'response_format'));
  take('outputFormat', 'text.format', readOutputFormat(wire.text?.format, 'text.format'));
  take('webSearch', 'web_search_options', wire.web_search_options ? true : undefined);
  return { values, asked };
}

function stopSequences(stop: string | string[] | null | undefined): string[] | undefined {
  const sequences = [stop ?? []].flat().filter((sequence) => sequence !== '');
  return sequences.length > 0 ? sequences : undefined;
}
