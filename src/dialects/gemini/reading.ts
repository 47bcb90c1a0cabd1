import type { Part } from '../../core/message.ts';
import type { RequestLimits } from '../dialect.ts';

/** What has been met so far in one body. */
export interface Reading {
  readonly limits: RequestLimits;
  images: number;
  /** Where the images, files and sounds stand. */
  readonly places: Map<Part, string>;
}

/** Nothing has been read yet. */
export function startReading(limits: RequestLimits): Reading {
  return { limits, images: 0, places: new Map() };
}
