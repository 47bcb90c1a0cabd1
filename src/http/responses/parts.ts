import type { FastifyBaseLogger } from 'fastify';
import type { StoredResponses } from '../../core/stored-response.ts';
import type { GatewayPort } from '../gateway-port.ts';
import type { HttpSettings } from '../settings.ts';
import { BackgroundResponses } from './background-responses.ts';
import { callerShelf, type Shelf } from './shelf.ts';

export interface ResponsesOptions {
  gateway: GatewayPort;
  settings: HttpSettings;
  /** Undefined: nothing is kept. */
  store: StoredResponses | undefined;
  log: FastifyBaseLogger;
}

/** What the paths of responses share. */
export interface ResponseParts extends ResponsesOptions {
  background: BackgroundResponses;
  shelfOf(caller: string): Shelf;
}

export function createParts(options: ResponsesOptions): ResponseParts {
  const background = new BackgroundResponses(options);
  const isMadeHere = (id: string) => background.isUnderway(id);
  const { store, log, settings } = options;
  const longestMs = settings.maxTimeoutMs;
  return { ...options, background, shelfOf: (caller) => callerShelf(caller, { store, log, isMadeHere, longestMs }) };
}
