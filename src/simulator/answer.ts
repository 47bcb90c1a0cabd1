import type { CutStep, HangStep, WaitStep } from './script.ts';

/** An HTTP answer as data. Nothing of it is sent before the first bytes. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly actions: Iterable<Action>;
}

/** Bytes to write, or something to do between them. */
export type Action = string | Uint8Array | WaitStep | CutStep | HangStep;
