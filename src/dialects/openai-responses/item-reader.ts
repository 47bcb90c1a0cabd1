import type { Conversation } from './conversation.ts';
import type { Reading } from './reading.ts';

/** An item's place in the body, and where what it says goes. */
export interface ItemPlace {
  at: string;
  conversation: Conversation;
  reading: Reading;
  /** The flat names of the tools that the item makes known. */
  found: readonly string[];
}

/** Reads one kind of item. */
export type ItemReader = (item: Record<string, unknown>, place: ItemPlace) => void;
