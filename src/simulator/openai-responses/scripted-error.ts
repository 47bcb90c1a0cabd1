import type { JsonObject } from '../json.ts';
import type { ErrorStep, StatusStep } from '../script.ts';
import type { ApiError } from './api-error.ts';

interface Kind {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
}

/** Errors by the name that a script may give them: the code, or the type where there is no code. */
const KINDS: Readonly<Record<string, Kind>> = {
  invalid_request_error: { status: 400, type: 'invalid_request_error', code: null },
  invalid_prompt: { status: 400, type: 'invalid_request_error', code: 'invalid_prompt' },
  context_length_exceeded: { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  invalid_api_key: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  request_forbidden: { status: 403, type: 'request_forbidden', code: null },
  model_not_found: { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  request_too_large: { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  rate_limit_exceeded: { status: 429, type: 'tokens', code: 'rate_limit_exceeded' },
  insufficient_quota: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
  usage_limit_reached: { status: 429, type: 'usage_limit_reached', code: null },
  server_error: { status: 500, type: 'server_error', code: 'server_error' },
  server_is_overloaded: { status: 503, type: 'service_unavailable_error', code: 'server_is_overloaded' },
  slow_down: { status: 503, type: 'service_unavailable_error', code: 'slow_down' },
};

/** Scripts that serve every API name their errors in Anthropic's words. */
const SYNONYMS: Readonly<Record<string, string>> = {
  authentication_error: 'invalid_api_key',
  billing_error: 'insufficient_quota',
  permission_error: 'request_forbidden',
  not_found_error: 'model_not_found',
  rate_limit_error: 'rate_limit_exceeded',
  api_error: 'server_error',
  timeout_error: 'server_error',
  overloaded_error: 'server_is_overloaded',
};

/** The error of a stream that began well. */
export function errorOfStep({ errorType, message }: ErrorStep): ApiError {
  return { ...kindOf(errorType), message: message ?? `Simulated ${errorType}` };
}

/** The error of a request that a script refuses. `headers` are the answer's, which may tell of limits. */
export function errorOfStatus(step: StatusStep, headers: Readonly<Record<string, string>>): ApiError {
  const { status, message } = step;
  const usedUp = status === 429 && isUsedUp(headers);
  const name = step.errorType ?? (usedUp ? 'usage_limit_reached' : nameOf(status));
  const kind = kindOf(name);
  if (kind.code === null && kind.type === 'usage_limit_reached') {
    return { ...kind, status, message: message ?? 'The usage limit has been reached', more: spentPlan(headers) };
  }
  const seconds = headers['retry-after'];
  const advice = status === 429 && seconds ? `. Please try again in ${seconds}s.` : '';
  return { ...kind, status, message: message ?? `Simulated ${name}${advice}` };
}

function kindOf(name: string): Kind {
  return KINDS[SYNONYMS[name] ?? name] ?? { status: 500, type: name, code: name };
}

function nameOf(status: number): string {
  const exact = Object.keys(KINDS).find((name) => KINDS[name]?.status === status);
  return exact ?? (status < 500 ? 'invalid_request_error' : status > 500 ? 'server_is_overloaded' : 'server_error');
}

/** Whether a subscription's limits, as headers tell them, leave nothing. */
function isUsedUp(headers: Readonly<Record<string, string>>): boolean {
  return ['primary', 'secondary'].some((window) => Number(headers[`x-codex-${window}-used-percent`]) >= 100);
}

function spentPlan(headers: Readonly<Record<string, string>>): JsonObject {
  const resets = ['primary', 'secondary']
    .filter((window) => Number(headers[`x-codex-${window}-used-percent`]) >= 100)
    .map((window) => Number(headers[`x-codex-${window}-reset-at`]))
    .filter((at) => at > 0);
  return {
    plan_type: headers['x-codex-plan-type'] ?? 'plus',
    ...(resets.length > 0 && { resets_at: Math.max(...resets) }),
  };
}
