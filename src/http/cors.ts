import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../core/error.ts';
import { headerText } from './header-text.ts';
import { isLoopbackOrigin } from './loopback.ts';
import type { HttpSettings } from './settings.ts';

const exposed = [
  'x-request-id',
  'openai-processing-ms',
  'openai-version',
  'x-ignored-params',
  'x-route',
  'x-should-retry',
  'retry-after',
  'retry-after-ms',
  ...['limit', 'remaining', 'reset'].flatMap((name) => [`x-ratelimit-${name}-requests`, `x-ratelimit-${name}-tokens`]),
].join(', ');

export interface CorsAnswer {
  /** True for a question that the browser asks before the request itself: nothing else is to be done. */
  preflight: boolean;
  headers: Record<string, string>;
}

/**
 * Which web pages may call. Without keys, a page that is not of this machine is refused outright with kind `forbidden`:
 * it would spend the owner's plan even if it could not read the answer. With keys, the browser keeps the answer from
 * pages that are not listed. Credentials are never allowed: there are no cookies here, and keys travel in headers.
 */
export function createCors(
  settings: Pick<HttpSettings, 'apiKeys' | 'corsOrigins'>,
): (method: string, headers: IncomingHttpHeaders) => CorsAnswer {
  const open = settings.apiKeys.length === 0;
  const listed = open ? undefined : settings.corsOrigins?.map((origin) => origin.toLowerCase());
  const any = listed?.includes('*') ?? false;
  const allows = (origin: string) => any || (listed?.includes(origin.toLowerCase()) ?? isLoopbackOrigin(origin));

  return (method, headers) => {
    const { origin } = headers;
    const asked = headers['access-control-request-method'];
    const preflight = method === 'OPTIONS' && origin !== undefined && asked !== undefined;
    if (origin === undefined) return { preflight, headers: { vary: 'Origin' } };
    if (!allows(origin)) {
      if (!open) return { preflight, headers: { vary: 'Origin' } };
      throw new GatewayError(
        'forbidden',
        `Web pages of the origin "${headerText(origin)}" may not call: set API_KEY and list it in CORS_ORIGINS.`,
      );
    }
    const answer: Record<string, string> = {
      'access-control-allow-origin': any ? '*' : origin,
      'access-control-expose-headers': exposed,
      vary: 'Origin',
    };
    if (!preflight) return { preflight, headers: answer };
    answer['access-control-allow-methods'] = asked;
    const wanted = headers['access-control-request-headers'];
    if (wanted !== undefined) answer['access-control-allow-headers'] = wanted;
    answer['access-control-max-age'] = '7200';
    answer.vary = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';
    return { preflight, headers: answer };
  };
}
