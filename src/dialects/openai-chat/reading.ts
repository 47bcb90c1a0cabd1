import type { Part } from '../../core/message.ts';
import type { RequestLimits } from '../dialect.ts';

/** What has been met so far in one body, where a later part depends on an earlier one. */
export interface Reading {
  readonly limits: RequestLimits;
  images: number;
  /** Where the images, files and sounds stand. */
  places: Map<Part, string>;
  /** How many `function_call`s: they carry no id, so that their results are tied to them by number. */
  functionCalls: number;
}

/** Nothing has been read yet. */
export function startReading(limits: RequestLimits): Reading {
  return { limits, images: 0, places: new Map(), functionCalls: 0 };
}

/** The id made up for the last `function_call`: the same in every request of a conversation. */
export function functionCallId({ functionCalls }: Reading): string {
  return `call_function_${functionCalls}`;
}
