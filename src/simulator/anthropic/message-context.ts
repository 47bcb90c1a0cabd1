import type { NewId } from '../create-ids.ts';

/** What a message takes from its request. */
export interface MessageContext {
  readonly requestId: string;
  readonly model: string;
  /** The request body's length in characters. */
  readonly inputSize: number;
  readonly newId: NewId;
}
