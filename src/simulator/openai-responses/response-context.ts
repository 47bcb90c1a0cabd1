import type { NewId } from '../create-ids.ts';
import type { JsonObject } from '../json.ts';

/** What a response takes from its request. */
export interface ResponseContext {
  readonly request: JsonObject;
  /** The request body's length in characters. */
  readonly inputSize: number;
  readonly newId: NewId;
}
