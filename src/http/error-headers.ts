import type { ErrorKind, GatewayError } from '../core/error.ts';

/** What a second try within minutes cannot change, though its status makes clients try again. */
const lasting: ReadonlySet<ErrorKind> = new Set([
  'quota-exhausted',
  'provider-missing',
  'provider-outdated',
  'provider-signed-out',
]);

/** The headers that tell a client whether and when to try again, and how to sign in. */
export function errorHeaders(error: GatewayError): Record<string, string> {
  const headers: Record<string, string> = {};
  if (error.kind === 'invalid-api-key') headers['www-authenticate'] = 'Bearer';
  if (lasting.has(error.kind)) headers['x-should-retry'] = 'false';
  if (error.retryAfterSeconds !== undefined) {
    const seconds = Math.max(0, error.retryAfterSeconds);
    headers['retry-after'] = String(Math.ceil(seconds));
    headers['retry-after-ms'] = String(Math.ceil(seconds * 1000));
  }
  return headers;
}
