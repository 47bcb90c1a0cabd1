import { GatewayError } from '../../core/error.ts';
import { JsonRpcError, JsonRpcSilence } from '../../process/json-rpc.ts';
import { LoginNoise } from '../acp/agent-process.ts';

const signedOut =
  'Gemini CLI is not signed in, or its key or login is no longer valid: check GEMINI_API_KEY, or run `gemini` and sign in.';

/** What the CLI, or what is between it and us, failed with, as the error that the caller gets. */
export function toGatewayError(error: unknown, errorTail = ''): GatewayError {
  const fail = (kind: ConstructorParameters<typeof GatewayError>[0], message: string, retryAfterSeconds?: number) =>
    new GatewayError(kind, message, { cause: `${error} ${errorTail}`.trim(), retryAfterSeconds });

  if (error instanceof GatewayError) return error;
  if (error instanceof LoginNoise) return fail('provider-signed-out', signedOut);
  if (error instanceof JsonRpcSilence) return fail('provider-failed', 'Gemini CLI stopped, or does not answer.');
  if (!(error instanceof JsonRpcError)) return fail('provider-failed', 'Gemini CLI failed to answer.');

  const { code, message } = error;
  const detail = upstreamMessage(message);
  if (code === 401 || code === -32_000 || /API key not valid|API_KEY_INVALID|API key expired/i.test(message)) {
    return fail('provider-signed-out', signedOut);
  }
  if (/input token count.*exceeds|exceeds the maximum number of tokens/i.test(message)) {
    return fail('context-length-exceeded', 'The conversation is longer than this model can read.');
  }
  if (code === 413) return fail('payload-too-large', 'The request is larger than the model API takes.');
  if (code === 403) return fail('forbidden', `The model API does not allow this request: ${detail}`);
  // The CLI gives a missing model the code of a failure.
  if (code === 404 || /is not found for API version|was not found/i.test(message)) {
    return fail('model-not-found', 'The model API does not know this model, or this login may not use it.');
  }
  if (code === 429) return limited(detail, fail);
  if (code === 400) return fail('invalid-request', `The model API refused the request: ${detail}`);
  if (code === 503 || code === 529) return fail('overloaded', 'The model API is overloaded.');
  if (code >= 500) return fail('upstream-unavailable', 'The model API failed or could not be reached.');
  return fail('provider-failed', 'Gemini CLI failed to answer.');
}

function limited(
  detail: string,
  fail: (kind: 'rate-limited' | 'quota-exhausted', message: string, retryAfterSeconds?: number) => GatewayError,
): GatewayError {
  const [, seconds] = /retry (?:after|in) ([\d.]+) ?s/i.exec(detail) ?? [];
  const wait = seconds === undefined ? undefined : Math.max(1, Math.ceil(Number(seconds)));
  if (/daily quota|per ?day/i.test(detail)) {
    return fail('quota-exhausted', 'The daily quota of this Gemini login for this model is used up.', wait);
  }
  return fail('rate-limited', 'The model API is limiting requests: try again later.', wait);
}

/** The API's own sentence, out of its JSON where it comes as such. */
function upstreamMessage(text: string): string {
  try {
    const { message } = (JSON.parse(text) as { error: { message: unknown } }).error;
    if (typeof message === 'string') return message;
  } catch {
    // Not every failure is told as JSON.
  }
  return text.slice(0, 500);
}
