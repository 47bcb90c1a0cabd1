import type { JsonObject } from '../json.ts';
import type { ResponseEvent } from './response-event.ts';

/** One output item, for both ways to send it. */
export interface OutputItem {
  /** The item as it is when it is added. */
  readonly opening: JsonObject & { readonly id: string };
  readonly parts: readonly ItemPart[];
  /** The finished item. */
  readonly whole: JsonObject;
  /** Milliseconds between two deltas. */
  readonly delay?: number;
}

/** A part of an item that streams by itself. */
export interface ItemPart {
  readonly before: readonly ResponseEvent[];
  readonly deltas: Iterable<ResponseEvent>;
  readonly after: readonly ResponseEvent[];
}
