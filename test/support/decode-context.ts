import type { DecodeContext } from '../../src/dialects/decode-context.ts';
import { requestLimits } from './request-limits.ts';

/** A request of which nothing but the body matters. */
export const decodeContext: DecodeContext = { limits: requestLimits, parameters: {}, query: {}, headers: {} };
