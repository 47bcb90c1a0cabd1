import { z } from 'zod';
import type { Operation } from '../../core/operation.ts';
import type { GenerateRequest, Parameter } from '../../core/request.ts';
import { invalid, isObject, listOf, read } from '../read.ts';
import { readOutputFormat } from './output-format.ts';
import type { Reading } from './reading.ts';
import { readEffort } from './thinking.ts';

const wireParameters = z.object({
  max_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  stop_sequences: listOf.nullish(),
});

/** Settings for the neutral model, with the names that the caller used. */
export interface Settings {
  values: Pick<GenerateRequest, Parameter>;
  asked: Operation['asked'];
}

/** The settings of a body except those about tools. */
export function readSettings(body: Record<string, unknown>, reading: Reading): Settings {
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
    if (value === undefined || value === null) return;
    values[parameter] = value;
    if (value !== ordinary) asked[parameter] = wireName;
  }
  const effort = readEffort(body, reading);
  take('maxOutputTokens', 'max_tokens', wire.max_tokens);
  take('temperature', 'temperature', wire.temperature, 1);
  take('topP', 'top_p', wire.top_p, 1);
  // Zero is what some clients send for "no limit".
  take('topK', 'top_k', wire.top_k || undefined);
  take('stop', 'stop_sequences', readStopSequences(wire.stop_sequences));
  take('effort', effort?.name ?? '', effort?.value);
  const [format, formatAt] =
    isObject(body.output_config) && body.output_config.format
      ? [body.output_config.format, 'output_config.format']
      : [body.output_format, 'output_format'];
  take('outputFormat', formatAt, readOutputFormat(format, formatAt));
  return { values, asked };
}

function readStopSequences(value: readonly unknown[] | null | undefined): string[] | undefined {
  const sequences = (value ?? []).flatMap((sequence, index) => {
    if (typeof sequence !== 'string') throw invalid(`stop_sequences.${index}`, 'must be a string');
    return sequence === '' ? [] : [sequence];
  });
  return sequences.length > 0 ? sequences : undefined;
}
