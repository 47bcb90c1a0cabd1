import type { StreamEvent } from '../core/event.ts';

/** Who asks, and how to stop. */
export interface RequestContext {
  requestId: string;
  /** The tenant: nothing held for one caller can be reached by another. */
  caller: string;
  /** Name of the dialect, for the log. */
  dialect: string;
  /** Aborted when the caller hangs up or the time is over. */
  signal: AbortSignal;
}

/** An answer under way. Nothing has been awaited of the model yet; reading `choices` drives it. */
export interface Answer {
  /** The model id to answer under when no event says a better one. */
  model: string;
  /** `provider/account/model`. */
  route: string;
  /** Names, in the caller's spelling, of what was asked for and is not honoured. */
  ignored: string[];
  choices: AsyncIterable<StreamEvent>[];
}
