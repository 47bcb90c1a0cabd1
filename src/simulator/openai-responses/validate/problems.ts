import type { ApiError } from '../api-error.ts';

/** A request that the API refuses, by default without a code. */
export function problem(message: string, param?: string, code: string | null = null): ApiError {
  return { status: 400, type: 'invalid_request_error', code, message, param };
}

export function missing(param: string): ApiError {
  return problem(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}

export function unknown(param: string): ApiError {
  return problem(`Unknown parameter: '${param}'.`, param, 'unknown_parameter');
}

/** A value that is none of those which `supported` names; `param` is where it stands. */
export function unsupported(value: unknown, supported: readonly string[], param: string): ApiError {
  const quoted = supported.map((name) => `'${name}'`);
  const last = quoted.pop();
  const list =
    quoted.length > 1 ? `${quoted.join(', ')}, and ${last}` : quoted.length > 0 ? `${quoted[0]} and ${last}` : last;
  return problem(`Invalid value: '${value}'. Supported values are: ${list}.`, param, 'invalid_value');
}

/** A value of a type that is not `expected`, such as 'a string'. */
export function wrongType(value: unknown, expected: string, param: string): ApiError {
  const message = `Invalid type for '${param}': expected ${expected}, but got ${nameType(value)} instead.`;
  return problem(message, param, 'invalid_type');
}

export function notMatching(param: string, pattern: RegExp): ApiError {
  const message = `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern`;
  return problem(`${message} '${pattern.source}'.`, param, 'invalid_value');
}

export const notJson: ApiError = problem('We could not parse the JSON body of your request: it must be a JSON object.');

export const notSignedIn: ApiError = { ...problem('Missing bearer or basic authentication in header'), status: 401 };

export function unknownUrl(method: string, path: string): ApiError {
  return { ...problem(`Invalid URL (${method} ${path})`), status: 404 };
}

/** The simulator's own fault. */
export function ownFailure(message: string): ApiError {
  return { status: 500, type: 'server_error', code: 'server_error', message };
}

function nameType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
