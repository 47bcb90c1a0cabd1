import { GatewayError } from '../../core/error.ts';
import type { Parameter } from '../../core/request.ts';
import type { RateLimitInfo, ResultLine } from './wire.ts';

/** What else the CLI said while the turn failed. */
export interface FailureContext {
  /** The class that the CLI gave the failure: `authentication_failed`, `rate_limit`, … */
  error?: string;
  rateLimit?: RateLimitInfo;
  now: number;
}

/** A turn that the CLI ended with an error, as the error that the caller gets. */
export function toGatewayError(result: ResultLine, context: FailureContext): GatewayError {
  const status = result.api_error_status ?? undefined;
  const text = result.result ?? '';
  const detail = upstreamMessage(text);
  const cause = JSON.stringify({ status, error: context.error, terminal: result.terminal_reason, text });
  const fail = (kind: ConstructorParameters<typeof GatewayError>[0], message: string, retryAfterSeconds?: number) =>
    new GatewayError(kind, message, { cause, retryAfterSeconds });

  if (result.terminal_reason === 'prompt_too_long' || result.terminal_reason === 'blocking_limit') {
    return fail('context-length-exceeded', 'The conversation is longer than this model can read.');
  }
  if (/prompt is too long/i.test(text)) {
    return fail('context-length-exceeded', 'The conversation is longer than this model can read.');
  }
  // The CLI blames the images of a request that is too large as a whole, even where there are none.
  if (status === 413) return fail('payload-too-large', 'The request is larger than the model API takes.');
  if (result.terminal_reason === 'image_error') {
    return fail('invalid-image', `The model API refused an image or document: ${detail}`);
  }
  if (context.rateLimit?.status === 'rejected') {
    const seconds = secondsUntil(context.rateLimit.resetsAt, context.now);
    return fail(
      'quota-exhausted',
      `The ${windowName(context.rateLimit)} limit of this Claude login is used up.`,
      seconds,
    );
  }
  if (context.error === 'billing_error' || /credit balance/i.test(text)) {
    return fail('quota-exhausted', 'The account behind Claude Code has no credit left.');
  }
  if (status === 401 || (context.error === 'authentication_failed' && status !== 403)) {
    return fail(
      'provider-signed-out',
      'Claude Code is not signed in, or its login or key is no longer valid: run `claude auth login`, or check ANTHROPIC_API_KEY.',
    );
  }
  if (status === 403) return fail('forbidden', `The model API does not allow this request: ${detail}`);
  if (status === 404 || context.error === 'model_not_found') {
    return fail('model-not-found', 'The model API does not know this model, or this login may not use it.');
  }
  if (status === 429 || context.error === 'rate_limit') {
    return fail('rate-limited', `The model API is limiting requests: ${detail}`);
  }
  if (status === 400 || status === 422) {
    const parameter = parameterIn(detail);
    return new GatewayError('invalid-request', `The model API refused the request: ${detail}`, { cause, parameter });
  }
  if (status === 529 || context.error === 'overloaded') return fail('overloaded', 'The model API is overloaded.');
  if (/timed? ?out/i.test(text)) return fail('timeout', 'The model API did not answer in time.');
  if ((status !== undefined && status >= 500) || result.api_error_type || /API Error/i.test(text)) {
    return fail('upstream-unavailable', 'The model API failed or could not be reached.');
  }
  return fail('provider-failed', 'Claude Code failed to answer.');
}

/** How the API begins a complaint about a field of its own, and the setting that the field is made of. */
const complaints: readonly [about: RegExp, parameter: Parameter][] = [
  [/^`?stop_sequences\b/, 'stop'],
  [/^`?output_config\.format\b/, 'outputFormat'],
  [/^`?(output_config\.effort|thinking)\b/, 'effort'],
  [/^`?max_tokens\b/, 'maxOutputTokens'],
  [/^`?temperature\b/, 'temperature'],
  [/^`?top_p\b/, 'topP'],
  [/^`?top_k\b/, 'topK'],
  [/^`?tool_choice\b/, 'toolChoice'],
];

function parameterIn(detail: string): Parameter | undefined {
  return complaints.find(([about]) => about.test(detail))?.[1];
}

/** The API's own sentence out of the CLI's text, without the CLI's frame around it. */
function upstreamMessage(text: string): string {
  const body = text.slice(text.indexOf('{'));
  try {
    const message = (JSON.parse(body) as { error?: { message?: unknown } }).error?.message;
    if (typeof message === 'string') return message;
  } catch {
    // Not every failure carries the API's JSON.
  }
  return (
    text
      .replace(/^.*?API Error:?\s*(\d+\s*)?/i, '')
      .split('\n', 1)[0]
      ?.slice(0, 500) ?? ''
  );
}

function windowName(limit: RateLimitInfo): string {
  return (limit.rateLimitType ?? 'usage').replaceAll('_', '-');
}

function secondsUntil(epochSeconds: number | undefined, now: number): number | undefined {
  return epochSeconds === undefined ? undefined : Math.max(1, Math.ceil(epochSeconds - now / 1_000));
}
