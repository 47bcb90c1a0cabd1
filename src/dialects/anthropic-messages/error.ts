import type { ErrorKind, GatewayError } from '../../core/error.ts';
import type { Frame } from '../../stream/sse.ts';
import type { ErrorContext } from '../dialect.ts';
import { continuedFrom } from './thread.ts';

type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'overloaded_error'
  | 'timeout_error';

/** The body of a failure. */
export interface ErrorBody {
  type: 'error';
  error: { type: ErrorType; message: string; details?: { error_code: 'thread_not_found' } };
  /** The id that the answer's headers carry; null where nobody says it. */
  request_id: string | null;
}

const types: Record<ErrorKind, ErrorType> = {
  'invalid-request': 'invalid_request_error',
  'unsupported-parameter': 'invalid_request_error',
  'invalid-image': 'invalid_request_error',
  'context-length-exceeded': 'invalid_request_error',
  'invalid-api-key': 'authentication_error',
  forbidden: 'permission_error',
  'not-found': 'not_found_error',
  'model-not-found': 'not_found_error',
  'method-not-allowed': 'invalid_request_error',
  'payload-too-large': 'request_too_large',
  'unsupported-media-type': 'invalid_request_error',
  'rate-limited': 'rate_limit_error',
  'quota-exhausted': 'rate_limit_error',
  'provider-missing': 'api_error',
  'provider-outdated': 'api_error',
  'provider-signed-out': 'api_error',
  'provider-failed': 'api_error',
  'upstream-unavailable': 'api_error',
  overloaded: 'overloaded_error',
  timeout: 'timeout_error',
  cancelled: 'api_error',
  internal: 'api_error',
};

/** A failure on the wire. */
export function errorBody(error: GatewayError, context?: ErrorContext): ErrorBody {
  const details = error.param === continuedFrom ? { details: { error_code: 'thread_not_found' } as const } : {};
  return {
    type: 'error',
    error: { type: types[error.kind], message: toMessage(error), ...details },
    request_id: context?.requestId ?? null,
  };
}

/** The last event of a stream that failed. */
export function errorFrame(error: GatewayError, context?: ErrorContext): Frame {
  return { event: 'error', data: errorBody(error, context) };
}

/** As Anthropic's API words it, since clients look for that: the field in front, a colon behind it. */
function toMessage({ kind, message, param }: GatewayError): string {
  // Agents shorten their conversation when they read this, and only then.
  if (kind === 'context-length-exceeded') return `prompt is too long: ${message}`;
  const field = `'${param}' `;
  if (param === undefined || !message.startsWith(field)) return message;
  const fault = message.slice(field.length);
  return `${param}: ${fault === 'is required.' ? 'Field required' : fault}`;
}
