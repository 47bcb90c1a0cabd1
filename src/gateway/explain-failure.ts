import { GatewayError } from '../core/error.ts';
import type { Operation } from '../core/operation.ts';

/**
 * A failure in its caller's words: with the name that the caller used for the setting at fault, and with the `hint` for
 * a model that its own API does not know.
 */
export function explainFailure(thrown: unknown, asked: Operation['asked'], hint: () => string): unknown {
  if (!(thrown instanceof GatewayError) || thrown.param !== undefined) return thrown;
  const { kind, message, parameter, retryAfterSeconds, cause } = thrown;
  if (kind === 'model-not-found') {
    return new GatewayError(kind, `${message} ${hint()}`, { param: 'model', retryAfterSeconds, cause });
  }
  const param = parameter && asked[parameter];
  return param === undefined ? thrown : new GatewayError(kind, message, { param, parameter, retryAfterSeconds, cause });
}
