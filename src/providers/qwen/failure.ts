import { type ErrorKind, GatewayError } from '../../core/error.ts';

/** A failure of the model API in the CLI's words, as the error that the caller gets. */
export function toGatewayError(message: string): GatewayError {
  const status = statusIn(message);
  const detail = upstreamMessage(message);
  const fail = (kind: ErrorKind, text: string, retryAfterSeconds?: number) =>
    new GatewayError(kind, text, { cause: message, retryAfterSeconds });

  if (/context[_ ]length|maximum context|prompt is too long|range of input length|context window/i.test(message)) {
    return fail('context-length-exceeded', 'The conversation is longer than this model can read.');
  }
  if (isSpent(message)) return fail('quota-exhausted', 'The account behind Qwen Code has used up its quota or credit.');
  if (status === 413 || /request-body limit/i.test(message)) {
    return fail('payload-too-large', 'The request is larger than the model API takes.');
  }
  if (status === 401 || /^(authentication required|missing credentials|no auth type)/i.test(message)) {
    return fail(
      'provider-signed-out',
      'Qwen Code is not signed in, or its login or key is no longer valid: run `qwen` and use /auth, or check OPENAI_API_KEY.',
    );
  }
  if (status === 403) return fail('forbidden', `The model API does not allow this request: ${detail}`);
  if (status === 404) {
    return fail('model-not-found', 'The model API does not know this model, or this login may not use it.');
  }
  if (status === 429 || /rate limit exceeded/i.test(message)) {
    return fail('rate-limited', 'The model API is limiting requests: try again later.', secondsIn(message));
  }
  if (status === 408 || /timed? ?out/i.test(message)) {
    return fail('timeout', 'The model API did not answer in time.');
  }
  if (status === 503 || status === 529 || /overloaded/i.test(message)) {
    return fail('overloaded', 'The model API is overloaded.');
  }
  if (status !== undefined && status < 500) {
    const kind =
      /image/i.test(detail) && /invalid|unsupported|not support/i.test(detail) ? 'invalid-image' : 'invalid-request';
    return fail(kind, `The model API refused the request: ${detail}`);
  }
  return fail('upstream-unavailable', 'The model API failed or could not be reached.');
}

/** Failures that may well pass by themselves: the CLI may try again, as long as nothing has been said. */
export function mayPass(message: string): boolean {
  const status = statusIn(message);
  return status === undefined || status === 408 || status >= 500;
}

function statusIn(message: string): number | undefined {
  const [, status] = /^(\d{3})\b/.exec(message) ?? [];
  return status === undefined ? undefined : Number(status);
}

function isSpent(message: string): boolean {
  return /insufficient[_ ](quota|balance)|exceeded your current quota|quota (exceeded|exhausted)|arrearage|free tier/i.test(
    message,
  );
}

/** The API's own sentence out of the CLI's text, without the status in front of it. */
function upstreamMessage(message: string): string {
  return message
    .replace(/^\d{3}\s*/, '')
    .split('\n', 1)
    .join('')
    .slice(0, 500);
}

/** The wait that a rate limit names in its words, such as `try again in 11.054s`. */
function secondsIn(message: string): number | undefined {
  const [, amount, unit] = /(?:again in|after|wait) (\d+(?:\.\d+)?)\s*(ms|s|m)(?:ec|in|\b)/i.exec(message) ?? [];
  if (amount === undefined) return undefined;
  return Math.max(1, Math.ceil(Number(amount) * (unit === 'ms' ? 0.001 : unit === 'm' ? 60 : 1)));
}
