import type { Part } from '../../core/message.ts';
import type { Effort, OutputFormat } from '../../core/request.ts';
import type { RequestLimits } from '../dialect.ts';
import type { ToolNames } from './tool-names.ts';

/** What has been met so far in one body. */
export interface Reading {
  readonly limits: RequestLimits;
  readonly names: ToolNames;
  /** Where an item of the input stands in the caller's body. */
  readonly placeOf: (index: number) => string;
  images: number;
  /** Where the images, files and sounds stand. */
  readonly places: Map<Part, string>;
  /** What was asked for in vain. */
  readonly ignored: Set<string>;
  /** The flat names of the tools that an item of the input makes known, by the index of the item. */
  readonly found: Map<number, readonly string[]>;
  /** Settings that an item of the input changed, the last of each. */
  effort?: { value: Effort; at: string };
  format?: { value: OutputFormat | undefined; at: string };
  /** The conversation is to be summed up. */
  compacts: boolean;
}
