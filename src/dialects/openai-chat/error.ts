import type { ErrorKind, GatewayError } from '../../core/error.ts';

/** The body of a failure. `retry_after` is in seconds and only there when it is known. */
export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string | null; retry_after?: number };
}

const names: Record<ErrorKind, [type: string, code: string | null]> = {
  'invalid-request': ['invalid_request_error', null],
  'unsupported-parameter': ['invalid_request_error', 'unsupported_parameter'],
  'invalid-image': ['invalid_request_error', 'invalid_image_format'],
  'context-length-exceeded': ['invalid_request_error', 'context_length_exceeded'],
  'invalid-api-key': ['invalid_request_error', 'invalid_api_key'],
  forbidden: ['invalid_request_error', 'forbidden'],
  'not-found': ['invalid_request_error', 'not_found'],
  'model-not-found': ['invalid_request_error', 'model_not_found'],
  'method-not-allowed': ['invalid_request_error', 'method_not_supported'],
  'payload-too-large': ['invalid_request_error', 'request_too_large'],
  'unsupported-media-type': ['invalid_request_error', 'unsupported_media_type'],
  'rate-limited': ['rate_limit_exceeded', 'rate_limit_exceeded'],
  'quota-exhausted': ['insufficient_quota', 'insufficient_quota'],
  'provider-missing': ['server_error', 'provider_missing'],
  'provider-outdated': ['server_error', 'provider_outdated'],
  'provider-signed-out': ['server_error', 'provider_signed_out'],
  'provider-failed': ['server_error', 'provider_failed'],
  'upstream-unavailable': ['server_error', 'upstream_unavailable'],
  overloaded: ['server_error', 'overloaded'],
  timeout: ['server_error', 'timeout'],
  cancelled: ['invalid_request_error', 'cancelled'],
  internal: ['server_error', 'internal_error'],
};

/** A failure on the wire. */
export function errorBody({ kind, message, param, retryAfterSeconds }: GatewayError): ErrorBody {
  const [type, code] = names[kind];
  const retryAfter = retryAfterSeconds === undefined ? {} : { retry_after: retryAfterSeconds };
  return { error: { message, type, param: param ?? null, code, ...retryAfter } };
}
