import type { Answer } from '../answer.ts';

interface ApiError {
  readonly status: number;
  /** Left out: the status's usual type. */
  readonly type?: string;
  readonly message?: string;
}

/** Types in Anthropic's error bodies, with the status that each comes with. */
const STATUSES: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** An HTTP error with Anthropic's body. */
export function errorAnswer(requestId: string, { status, type, message }: ApiError): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    actions: [errorBody(requestId, type ?? typeOf(status), message)],
  };
}

/** The JSON of an error, as a body or as the data of an error event. */
export function errorBody(requestId: string, type: string, message = `Simulated ${type}`): string {
  return JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId });
}

/** The status of an error that has to be told before a stream began. */
export function statusOf(type: string): number {
  return STATUSES[type] ?? 500;
}

function typeOf(status: number): string {
  const exact = Object.keys(STATUSES).find((type) => STATUSES[type] === status);
  return exact ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}
