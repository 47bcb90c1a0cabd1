import type { ErrorKind } from '../core/error.ts';

/** The HTTP status of an answer that failed before its head left. 499 is for the log: nobody is there to read it. */
export const statusOf: Readonly<Record<ErrorKind, number>> = {
  'invalid-request': 400,
  'unsupported-parameter': 400,
  'invalid-image': 400,
  'context-length-exceeded': 400,
  'invalid-api-key': 401,
  forbidden: 403,
  'not-found': 404,
  'model-not-found': 404,
  'method-not-allowed': 405,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'rate-limited': 429,
  'quota-exhausted': 429,
  cancelled: 499,
  internal: 500,
  'provider-failed': 502,
  'provider-missing': 503,
  'provider-outdated': 503,
  'provider-signed-out': 503,
  'upstream-unavailable': 503,
  overloaded: 503,
  timeout: 504,
};
