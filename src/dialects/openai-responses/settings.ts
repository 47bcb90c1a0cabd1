import { z } from 'zod';
import type { Operation } from '../../core/operation.ts';
import { efforts, type GenerateRequest, type Parameter } from '../../core/request.ts';
import { readOutputFormat } from '../openai-chat/output-format.ts';
import { anything, read } from '../read.ts';
import type { Reading } from './reading.ts';

const penalty = z.number().min(-2).max(2).nullish();

const wireSettings = z.object({
  max_output_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  presence_penalty: penalty,
  frequency_penalty: penalty,
  parallel_tool_calls: z.boolean().nullish(),
  reasoning: z.object({ effort: z.enum(efforts).nullish() }).nullish(),
  text: z.object({ verbosity: z.enum(['low', 'medium', 'high']).nullish(), format: anything }).nullish(),
});

interface Settings {
  values: Pick<GenerateRequest, Parameter>;
  asked: Operation['asked'];
}

/** The settings of a body except those of its tools. What an item of the input changed goes before what the body says. */
export function readSettings(body: unknown, { effort, format }: Reading): Settings {
  const wire = read(wireSettings, body, '');
  const values: Settings['values'] = {};
  const asked: Settings['asked'] = {};
  // A value that is what every model does anyway is passed on, but asks for nothing.
  function take<P extends Parameter>(
    parameter: P,
    wireName: string,
    value: GenerateRequest[P] | null,
    ordinary?: GenerateRequest[P],
  ): void {
    if (value === undefined || value === null) return;
    values[parameter] = value;
    if (value !== ordinary) asked[parameter] = wireName;
  }
  take('maxOutputTokens', 'max_output_tokens', wire.max_output_tokens);
  take('temperature', 'temperature', wire.temperature, 1);
  take('topP', 'top_p', wire.top_p, 1);
  take('presencePenalty', 'presence_penalty', wire.presence_penalty, 0);
  take('frequencyPenalty', 'frequency_penalty', wire.frequency_penalty, 0);
  take('parallelToolCalls', 'parallel_tool_calls', wire.parallel_tool_calls, true);
  take('effort', effort?.at ?? 'reasoning.effort', effort?.value ?? wire.reasoning?.effort);
  take('verbosity', 'text.verbosity', wire.text?.verbosity, 'medium');
  const stated = readOutputFormat(wire.text?.format, 'text.format');
  take('outputFormat', format?.at ?? 'text.format', format ? format.value : stated);
  return { values, asked };
}
