import type { RequestLimits } from './dialect.ts';

/** What a dialect may read of a request beside its body. */
export interface DecodeContext {
  limits: RequestLimits;
  /** What the wildcards of the path stand for, by their names. */
  parameters: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string | undefined>;
}
