import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The caller's own `x-request-id` when it is fit to be logged and sent back, else a new one. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  if (typeof given === 'string' && /^[\x21-\x7e]{1,200}$/.test(given)) return given;
  return `req_${randomUUID().replaceAll('-', '')}`;
}
