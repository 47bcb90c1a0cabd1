import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../core/error.ts';

/**
 * Tells who calls: a short name of the key that was sent, or `local` for everybody when there are no keys. Undefined
 * when no key fits. Every key is compared in full, so that the time taken tells nothing.
 */
export function createAuthentication(
  apiKeys: readonly string[],
): (headers: IncomingHttpHeaders, queryKey?: string) => string | undefined {
  const keys = apiKeys.map((key) => ({
    digest: digest(key),
    caller: `key-${digest(key).toString('hex').slice(0, 12)}`,
  }));
  return (headers, queryKey) => {
    if (keys.length === 0) return 'local';
    let caller: string | undefined;
    for (const sent of [...sentKeys(headers), ...(queryKey === undefined ? [] : [queryKey])]) {
      const sentDigest = digest(sent);
      for (const key of keys) if (timingSafeEqual(sentDigest, key.digest)) caller = key.caller;
    }
    return caller;
  };
}

/** The refusal of a caller without a fitting key. */
export function unauthenticated(headers: IncomingHttpHeaders): GatewayError {
  const message =
    sentKeys(headers).length > 0
      ? 'The API key is not valid.'
      : 'An API key is needed: send it as "Authorization: Bearer <key>".';
  return new GatewayError('invalid-api-key', message);
}

function sentKeys(headers: IncomingHttpHeaders): string[] {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  return [bearer, headers['x-api-key'], headers['x-goog-api-key']].filter((key) => typeof key === 'string');
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
