import type { RequestLimits } from '../../src/dialects/dialect.ts';

/** Limits for tests that are not about them. */
export const requestLimits: RequestLimits = { images: { count: 20, bytes: 1024 * 1024 } };
