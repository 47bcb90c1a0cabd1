import type { Part } from '../../core/message.ts';
import type { Effort } from '../../core/request.ts';
import type { RequestLimits } from '../dialect.ts';

/** A tool that comes or goes in the middle of a conversation. */
export interface ToolChange {
  name: string;
  available: boolean;
  /** The tool itself where the request's `tools` lack it, and its place in the body. */
  definition?: { value: unknown; at: string };
}

/** What has been met so far in one body, where a later part depends on an earlier one. */
export interface Reading {
  readonly limits: RequestLimits;
  images: number;
  /** Where the images and files stand. */
  readonly places: Map<Part, string>;
  /** In the order of the conversation. */
  readonly toolChanges: ToolChange[];
  /** The last effort that a system message asks for, and its place in the body. */
  effort: { value: Effort; at: string } | undefined;
  /** Names of what was asked for in vain. */
  readonly ignored: Set<string>;
}

/** Nothing has been read yet. */
export function startReading(limits: RequestLimits): Reading {
  return { limits, images: 0, places: new Map(), toolChanges: [], effort: undefined, ignored: new Set() };
}
