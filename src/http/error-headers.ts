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
  // A used-up limit is all that a CLI tells exactly; what is left of one in use it does not count in requests or tokens.
  if (error.kind === 'quota-exhausted') {
    headers['x-ratelimit-remaining-requests'] = '0';
    if (error.retryAfterSeconds !== undefined)
      headers['x-ratelimit-reset-requests'] = duration(error.retryAfterSeconds);
  }
  return headers;
}

/** A time span as OpenAI writes it: `7m3s`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return `${hours > 0 ? `${hours}h` : ''}${whole >= 60 ? `${minutes}m` : ''}${whole % 60}s`;
}
