import { type ErrorKind, GatewayError } from '../../core/error.ts';
import { JsonRpcError } from '../../process/json-rpc.ts';
import type { TurnError } from './wire.ts';

/** Codes of JSON-RPC, and the program's own for too many requests at once. */
const invalidRequest = -32_600;
const invalidParams = -32_602;
const overloaded = -32_001;

/** What else is known when a turn fails. */
export interface FailureContext {
  /** When the account's limit is there again. */
  resetsAt: Date | undefined;
  now: number;
}

/** The model API's reason for an answer that it did not finish; undefined for a failure. */
export function incompleteReason(message: string): 'length' | 'content-filter' | undefined {
  if (/reason: max_output_tokens/.test(message)) return 'length';
  return /reason: content_filter/.test(message) ? 'content-filter' : undefined;
}

/** Whether the model API only minds that a summary of the reasoning is asked for: some accounts get none. */
export function refusesSummary({ message }: TurnError): boolean {
  return /reasoning[._ ]summar/i.test(message) && /unsupported|not supported|verified/i.test(message);
}

/** A turn that Codex ended with an error, as the error that the caller gets. */
export function toGatewayError(error: TurnError, context: FailureContext): GatewayError {
  const { name, status } = classOf(error);
  const detail = upstreamMessage(error.message);
  const fail = (kind: ErrorKind, message: string, retryAfterSeconds?: number) =>
    new GatewayError(kind, message, { cause: JSON.stringify(error), retryAfterSeconds });

  if (name === 'contextWindowExceeded') {
    return fail('context-length-exceeded', 'The conversation is longer than this model can read.');
  }
  if (name === 'usageLimitExceeded') {
    return fail('quota-exhausted', 'The usage limit of this Codex login is used up.', secondsUntil(context));
  }
  if (name === 'rateLimitExceeded' || status === 429) {
    return fail('rate-limited', 'The model API is limiting requests: try again later.', secondsIn(error.message));
  }
  if (name === 'unauthorized' || status === 401) {
    return fail(
      'provider-signed-out',
      'Codex is not signed in, or its login or key is no longer valid: run `clis-wrapper login codex`, or check CODEX_API_KEY.',
    );
  }
  if (name === 'modelNotFound' || status === 404) {
    return fail('model-not-found', 'The model API does not know this model, or this login may not use it.');
  }
  if (status === 403 || name === 'cyberPolicy' || name === 'misalignmentPolicyViolation') {
    return fail('forbidden', `The model API does not allow this request: ${detail}`);
  }
  if (status === 413) return fail('payload-too-large', 'The request is larger than the model API takes.');
  if (/invalid image/i.test(detail)) return fail('invalid-image', `The model API refused an image: ${detail}`);
  if (name === 'serverOverloaded' || name === 'policyCapacityUnavailable' || status === 503 || status === 529) {
    return fail('overloaded', 'The model API is overloaded.');
  }
  if (/idle timeout|timed out/i.test(detail)) return fail('timeout', 'The model API did not answer in time.');
  if (isUnreachable(name, status, error.message)) {
    return fail('upstream-unavailable', 'The model API failed or could not be reached.');
  }
  if (name === 'badRequest' || name === 'other' || (status !== undefined && status < 500)) {
    return fail('invalid-request', `The model API refused the request: ${detail}`);
  }
  return fail('provider-failed', 'Codex failed to answer.');
}

/** What Codex says to a request that it does not even take, or what keeps it from answering one. */
export function toRequestError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (!(error instanceof JsonRpcError)) {
    return new GatewayError('provider-failed', 'Codex stopped in the middle of the answer.', { cause: error });
  }
  if (error.code === overloaded) {
    return new GatewayError('overloaded', 'Codex has too much to do: try again.', { cause: error });
  }
  const refused = error.code === invalidRequest || error.code === invalidParams;
  if (!refused) return new GatewayError('provider-failed', 'Codex failed to answer.', { cause: error });
  return new GatewayError('invalid-request', `Codex does not take this request: ${error.message}`, { cause: error });
}

/** The error's class, and the status that the model API answered with. */
function classOf({ codexErrorInfo: info }: TurnError): { name: string; status?: number } {
  if (info === null) return { name: 'other' };
  if (typeof info === 'string') return { name: info };
  const [[name, about] = ['other', {}]] = Object.entries(info);
  return { name, status: about.httpStatusCode ?? undefined };
}

function isUnreachable(name: string, status: number | undefined, message: string): boolean {
  if (status !== undefined) return status >= 500;
  if (name === 'internalServerError') return true;
  if (/^(httpConnection|responseStream|responseTooMany)/.test(name)) return true;
  return /^stream disconnected|error sending request|connection (failed|refused|reset)/i.test(message);
}

/** The model API's own sentence out of Codex's text, without the frame around it. */
function upstreamMessage(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    if (typeof error?.message === 'string') return error.message;
  } catch {
    // Not every failure carries the API's JSON.
  }
  return text
    .replace(/^unexpected status \d+ [^:]*: /, '')
    .replace(/, url: \S+.*$/s, '')
    .split('\n', 1)
    .join('')
    .slice(0, 500);
}

function secondsUntil({ resetsAt, now }: FailureContext): number | undefined {
  return resetsAt === undefined ? undefined : Math.max(1, Math.ceil((resetsAt.getTime() - now) / 1_000));
}

/** The wait that a rate limit names in its words, such as `try again in 11.054s`. */
function secondsIn(message: string): number | undefined {
  const [, amount, unit] = /try again in (\d+(?:\.\d+)?)\s*(ms|s|m)\b/i.exec(message) ?? [];
  if (amount === undefined) return undefined;
  const seconds = Number(amount) * (unit === 'ms' ? 0.001 : unit === 'm' ? 60 : 1);
  return Math.max(1, Math.ceil(seconds));
}
