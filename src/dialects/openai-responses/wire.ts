import type { ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';

type WithoutNumber<Event> = Event extends unknown ? Omit<Event, 'sequence_number'> : never;

/** An event of a streamed answer, not yet numbered. */
export type WireEvent = WithoutNumber<ResponseStreamEvent>;

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** An item of the output while it is being made. */
export interface OpenItem {
  /** The events that end it. */
  close(status: ItemStatus): Generator<WireEvent>;
  /** The item as it stands. */
  readonly item: ResponseOutputItem;
}
