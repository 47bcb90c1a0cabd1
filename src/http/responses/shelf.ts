import type { FastifyBaseLogger } from 'fastify';
import type { StoredResponse, StoredResponses } from '../../core/stored-response.ts';
import { settled } from './interrupted.ts';

/** The responses that one caller can reach. */
export interface Shelf {
  /** False where there is nothing on it, ever. */
  readonly keeps: boolean;
  /** Whether what its caller wants stored outlives the connection. */
  readonly stores: boolean;
  get(id: string): StoredResponse | undefined;
  /** The conversation that ends with this response, oldest first; undefined when any part of it is gone. */
  conversation(id: string): StoredResponse[] | undefined;
  /** Keeps a response as far as its caller wants it and there is room for it; what fails is logged. */
  keep(response: StoredResponse): void;
}

export interface ShelfOptions {
  /** Undefined: nothing is kept. */
  store: StoredResponses | undefined;
  log: FastifyBaseLogger;
  /** Whether a response is being made by this process. */
  isMadeHere(id: string): boolean;
  /** The longest time that an answer may take, in milliseconds. */
  longestMs: number;
}

/** What is stored for a caller. */
export function callerShelf(caller: string, { store, log, isMadeHere, longestMs }: ShelfOptions): Shelf {
  const settle = (found: StoredResponse) => settled(found, { isMadeHere: isMadeHere(found.id), longestMs });
  return {
    keeps: store !== undefined,
    stores: store !== undefined,
    get: (id) => {
      const found = store?.get(caller, id);
      return found && settle(found);
    },
    conversation: (id) => store?.conversation(caller, id)?.map(settle),
    keep(response) {
      if (response.response.store !== true) return;
      try {
        store?.put(response);
      } catch (error) {
        log.error({ err: error, response: response.id }, 'An answer was made, but could not be kept.');
      }
    },
  };
}
