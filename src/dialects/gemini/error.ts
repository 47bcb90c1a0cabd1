import type { ErrorKind, GatewayError } from '../../core/error.ts';

/** What else is known of a failure: each kind of detail says by `@type` which it is. */
type Detail =
  | { '@type': 'type.googleapis.com/google.rpc.ErrorInfo'; reason: string; domain: string }
  | {
      '@type': 'type.googleapis.com/google.rpc.BadRequest';
      fieldViolations: { field: string; description: string }[];
    }
  | { '@type': 'type.googleapis.com/google.rpc.RetryInfo'; retryDelay: string };

/** The body of a failure. `code` is its HTTP status. */
export interface ErrorBody {
  error: { code: number; message: string; status: string; details: Detail[] };
}

/** The HTTP status that each kind is answered with, and Google's name for the nearest of its own. */
const statuses: Record<ErrorKind, [code: number, status: string]> = {
  'invalid-request': [400, 'INVALID_ARGUMENT'],
  'unsupported-parameter': [400, 'INVALID_ARGUMENT'],
  'invalid-image': [400, 'INVALID_ARGUMENT'],
  'context-length-exceeded': [400, 'INVALID_ARGUMENT'],
  'invalid-api-key': [401, 'UNAUTHENTICATED'],
  forbidden: [403, 'PERMISSION_DENIED'],
  'not-found': [404, 'NOT_FOUND'],
  'model-not-found': [404, 'NOT_FOUND'],
  'method-not-allowed': [405, 'UNIMPLEMENTED'],
  'payload-too-large': [413, 'INVALID_ARGUMENT'],
  'unsupported-media-type': [415, 'INVALID_ARGUMENT'],
  'rate-limited': [429, 'RESOURCE_EXHAUSTED'],
  'quota-exhausted': [429, 'RESOURCE_EXHAUSTED'],
  cancelled: [499, 'CANCELLED'],
  internal: [500, 'INTERNAL'],
  'provider-failed': [502, 'UNAVAILABLE'],
  'provider-missing': [503, 'FAILED_PRECONDITION'],
  'provider-outdated': [503, 'FAILED_PRECONDITION'],
  'provider-signed-out': [503, 'FAILED_PRECONDITION'],
  'upstream-unavailable': [503, 'UNAVAILABLE'],
  overloaded: [503, 'UNAVAILABLE'],
  timeout: [504, 'DEADLINE_EXCEEDED'],
};

/** Names of kinds that clients of this API know by another. */
const reasons: Partial<Record<ErrorKind, string>> = { 'invalid-api-key': 'API_KEY_INVALID' };

/** A failure on the wire. */
export function errorBody({ kind, message, param, retryAfterSeconds }: GatewayError): ErrorBody {
  const [code, status] = statuses[kind];
  const reason = reasons[kind] ?? kind.toUpperCase().replaceAll('-', '_');
  const details: Detail[] = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'clis-wrapper' }];
  if (param !== undefined) {
    const fieldViolations = [{ field: param, description: message }];
    details.push({ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations });
  }
  if (retryAfterSeconds !== undefined) {
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` });
  }
  return { error: { code, message, status, details } };
}
