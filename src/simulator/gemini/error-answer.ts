import type { Answer } from '../answer.ts';
import type { JsonObject } from '../json.ts';
import { quotaDetails } from './quota-details.ts';

export interface ApiError {
  readonly code: number;
  /** A canonical code or the scripts' word for one; left out: the usual one for `code`. */
  readonly status?: string;
  readonly message?: string;
  /** Seconds after which to try again. */
  readonly retryAfter?: number;
  readonly model?: string;
}

interface Usual {
  readonly code: number;
  readonly status: string;
  readonly message: string;
}

const USUAL: readonly Usual[] = [
  { code: 400, status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
  {
    code: 401,
    status: 'UNAUTHENTICATED',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid ' +
      'authentication credential.',
  },
  { code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' },
  { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  { code: 413, status: 'INVALID_ARGUMENT', message: 'Request payload size exceeds the limit: 20971520 bytes.' },
  {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message:
      'You exceeded your current quota, please check your plan and billing details. For more information on this ' +
      'error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.',
  },
  { code: 499, status: 'CANCELLED', message: 'The operation was cancelled.' },
  { code: 500, status: 'INTERNAL', message: 'An internal error has occurred. Please retry.' },
  { code: 503, status: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' },
  { code: 504, status: 'DEADLINE_EXCEEDED', message: 'Deadline expired before operation could complete.' },
  { code: 529, status: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' },
];

/** The scripts' words for an error, with the status that this API has for it. */
const SCRIPTED: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 403,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  overloaded_error: 503,
  timeout_error: 504,
};

/** An error as a script names it: in the scripts' words or by a canonical code. */
export function namedError(name: string, message?: string): ApiError {
  const code = SCRIPTED[name] ?? USUAL.find(({ status }) => status === name)?.code;
  return code === undefined ? { code: 500, status: name, message } : { code, message };
}

/** An HTTP error with Google's body. In a stream that is a JSON array, the body is one too. */
export function errorAnswer(error: ApiError, inArray = false): Answer {
  const body = errorBody(error);
  return {
    status: error.code,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    actions: [inArray ? `[${body}]` : body],
  };
}

/** The JSON of an error, on several lines as the real one is. */
export function errorBody(error: ApiError): string {
  const { code } = error;
  const usual = usualError(code);
  const details = detailsOf(error);
  const body = {
    code,
    message: error.message ?? usualMessage(error, usual),
    status: usualError(SCRIPTED[error.status ?? ''])?.status ?? error.status ?? usual?.status,
    ...(details.length > 0 && { details }),
  };
  return JSON.stringify({ error: body }, null, 2);
}

function usualError(code: number | undefined): Usual | undefined {
  if (code === undefined) return undefined;
  return USUAL.find((one) => one.code === code) ?? USUAL.find((one) => one.code === (code < 500 ? 400 : 500));
}

function usualMessage({ code, model, retryAfter }: ApiError, usual: Usual | undefined): string | undefined {
  if (code === 404 && model !== undefined) {
    return (
      `models/${model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels ` +
      'to see the list of available models and their supported methods.'
    );
  }
  return retryAfter === undefined ? usual?.message : `${usual?.message}\nPlease retry in ${retryAfter}s.`;
}

function detailsOf({ code, retryAfter, model }: ApiError): readonly JsonObject[] {
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` };
  return [...(code === 429 ? quotaDetails(model, retryAfter) : []), ...(retryAfter === undefined ? [] : [retry])];
}
