import type { ErrorKind, GatewayError } from '../../core/error.ts';

/** Why a response failed, as the response object says it. */
export interface FailureDetails {
  code: string;
  message: string;
  param: string | null;
}

/** Clients tell by the code what can be done: wait, ask for less, pay, or ask again, which is what `server_error` means. */
const codes: Partial<Record<ErrorKind, string>> = {
  'invalid-request': 'invalid_prompt',
  'unsupported-parameter': 'invalid_prompt',
  'invalid-image': 'invalid_image',
  'context-length-exceeded': 'context_length_exceeded',
  'model-not-found': 'invalid_prompt',
  forbidden: 'invalid_prompt',
  'rate-limited': 'rate_limit_exceeded',
  'quota-exhausted': 'insufficient_quota',
};

export function failureDetails({ kind, message, param }: GatewayError): FailureDetails {
  return { code: codes[kind] ?? 'server_error', message, param: param ?? null };
}
