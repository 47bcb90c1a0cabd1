import { GatewayError } from '../../core/error.ts';
import type { OutputLine } from './wire.ts';

interface RateLimitRetry {
  type: 'system';
  subtype: 'api_retry';
  retry_delay_ms: number;
}

/** The CLI would sit out the wait in silence; the caller can use the time better when it is told. */
export function isRateLimitRetry(line: OutputLine): line is OutputLine & RateLimitRetry {
  return line.type === 'system' && line.subtype === 'api_retry' && line.error_status === 429;
}

/** The failure in its place. */
export function rateLimited(delayMs: number): GatewayError {
  return new GatewayError('rate-limited', 'The model API is limiting requests: try again later.', {
    retryAfterSeconds: Math.max(1, Math.floor(delayMs / 1_000)),
  });
}
