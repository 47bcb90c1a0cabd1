import { GatewayError } from '../../core/error.ts';
import { toGatewayError } from './failure.ts';
import type { OutputLine } from './wire.ts';

interface AnnouncedRetry {
  type: 'system';
  subtype: 'api_retry';
  error_status?: number | null;
  retry_delay_ms: number;
}

/** A caller that waits for longer than this is better told. */
const longestWaitMs = 3_000;

function isAnnouncedRetry(line: OutputLine): line is OutputLine & AnnouncedRetry {
  return line.type === 'system' && line.subtype === 'api_retry';
}

/**
 * The failure behind a retry that the CLI announces, where it is for the caller to decide what to do meanwhile: a rate
 * limit, or any failure whose API asked for a long wait. The CLI would sit it out in silence.
 */
export function worthTelling(line: OutputLine): GatewayError | undefined {
  if (!isAnnouncedRetry(line)) return undefined;
  const { error_status: status, retry_delay_ms: delayMs } = line;
  const retryAfterSeconds = Math.max(1, Math.floor(delayMs / 1_000));
  if (status === 429) {
    const message = 'The model API is limiting requests: try again later.';
    return new GatewayError('rate-limited', message, { retryAfterSeconds });
  }
  if (!(delayMs > longestWaitMs)) return undefined;
  const { kind, message, cause } = toGatewayError({ type: 'result', api_error_status: status ?? 500 }, { now: 0 });
  return new GatewayError(kind, message, { retryAfterSeconds, cause });
}
