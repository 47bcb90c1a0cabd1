import type { Answer } from '../answer.ts';

export interface ApiError {
  readonly status: number;
  /** Left out: the status's usual type and code. */
  readonly type?: string;
  readonly code?: string | null;
  readonly message?: string;
  /** The parameter that is wrong. */
  readonly param?: string | null;
}

interface ErrorKind {
  /** What scripts call it: its name in this API and the one that all simulated APIs share. */
  readonly names: readonly string[];
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
}

const KINDS: readonly ErrorKind[] = [
  { names: ['invalid_request_error'], status: 400, type: 'invalid_request_error', code: null },
  {
    names: ['authentication_error', 'invalid_api_key'],
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  },
  { names: ['permission_error'], status: 403, type: 'invalid_request_error', code: null },
  {
    names: ['not_found_error', 'model_not_found'],
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
  },
  { names: ['request_too_large'], status: 413, type: 'invalid_request_error', code: null },
  {
    names: ['rate_limit_error', 'rate_limit_exceeded', 'requests'],
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
  },
  {
    names: ['billing_error', 'insufficient_quota'],
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  },
  { names: ['api_error', 'server_error'], status: 500, type: 'server_error', code: null },
  { names: ['overloaded_error'], status: 503, type: 'server_error', code: null },
  { names: ['timeout_error'], status: 504, type: 'server_error', code: null },
];

/** An HTTP error with OpenAI's body. */
export function errorAnswer(requestId: string, { status, type, code, message, param }: ApiError): Answer {
  const kind = type === undefined ? kindOf(status) : named(type);
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    actions: [errorBody(code === undefined ? kind : { ...kind, code }, message, param)],
  };
}

/** The JSON of an error that a script names, as the data of an event in mid-stream. */
export function streamedError(name: string, message?: string): string {
  return errorBody(named(name), message ?? `Simulated ${name}`);
}

/** The status of an error that has to be told before a stream began. */
export function statusOf(name: string): number {
  return named(name).status;
}

function errorBody(
  { type, code }: ErrorKind,
  message = `Simulated ${code ?? type}`,
  param: string | null = null,
): string {
  return JSON.stringify({ error: { message, type, param, code } });
}

function named(name: string): ErrorKind {
  return KINDS.find(({ names }) => names.includes(name)) ?? { names: [name], status: 500, type: name, code: null };
}

function kindOf(status: number): ErrorKind {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  return KINDS.find((kind) => kind.status === status) ?? { names: [], status, type, code: null };
}
