import { type ErrorKind, GatewayError } from '../../core/error.ts';
import { JsonRpcError } from '../../process/json-rpc.ts';
import { type AgentProcess, LoginNoise } from '../acp/agent-process.ts';

/** `auth_required` of the protocol. */
const signedOutCode = -32_000;
const longestDetail = 300;

/** What agents write when their model's API says no: the protocol has no field for it. */
const signs: readonly [sign: RegExp, kind: ErrorKind, sentence: string][] = [
  [
    /context.?(length|window|overflow)|prompt is too long|too many tokens/i,
    'context-length-exceeded',
    'The conversation is longer than this model can read.',
  ],
  [/\b413\b|too large/i, 'payload-too-large', 'The request is larger than the model API takes.'],
  [
    /insufficient.?quota|credit balance|usage limit|quota/i,
    'quota-exhausted',
    "The limit of the agent's login is used up.",
  ],
  [/\b429\b|rate.?limit|too many requests/i, 'rate-limited', 'The model API is limiting requests.'],
  [
    /\b401\b|invalid.?(api|authentication|x-api).?key|unauthorized|unauthenticated|authentication/i,
    'provider-signed-out',
    'The login or key of the agent is not valid.',
  ],
  [/\b403\b|forbidden|permission.?(denied|error)/i, 'forbidden', 'The model API does not allow this request.'],
  [
    /\b404\b|model.?not.?found|(model|it) (may|does) not exist|unknown model|invalid model/i,
    'model-not-found',
    'The agent does not know this model, or its login may not use it.',
  ],
  [/\b529\b|overloaded|at capacity/i, 'overloaded', 'The model API is overloaded.'],
  [
    /\b50[0-4]\b|server.?error|api_error|fetch failed|unable to connect|connection (error|refused|reset|closed)|econn|socket|network/i,
    'upstream-unavailable',
    'The model API failed or could not be reached.',
  ],
  [/time(d)?.?out/i, 'timeout', 'The model API did not answer in time.'],
  [/\b400\b|\b422\b|invalid.?request|bad request/i, 'invalid-request', 'The model API refused the request'],
];

/** Whatever went wrong with an agent as the error for the caller; what the agent itself says goes to the log. */
export function toGatewayError(thrown: unknown, process: AgentProcess | undefined, title: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const cause = [thrown, thrown instanceof JsonRpcError ? JSON.stringify(thrown.data) : '', process?.errorTail].join(
    ' ',
  );
  if (thrown instanceof LoginNoise) {
    const message = `${title} writes something else than the protocol: its command may not start it as an ACP agent.`;
    return new GatewayError('provider-failed', message, { cause });
  }
  if (!(thrown instanceof JsonRpcError))
    return new GatewayError('provider-failed', `${title} failed to answer.`, { cause });
  if (thrown.code === signedOutCode) return new GatewayError('provider-signed-out', signInAdvice(title), { cause });
  const said = `${thrown.message} ${JSON.stringify(thrown.data ?? '')}`;
  const [, kind, sentence] = signs.find(([sign]) => sign.test(said)) ?? [];
  if (kind === undefined || sentence === undefined) {
    return new GatewayError('provider-failed', `${title} failed to answer.`, { cause });
  }
  return new GatewayError(kind, kind === 'invalid-request' ? withDetail(sentence, thrown.message) : sentence, {
    cause,
  });
}

/** What to do about an agent that is not signed in. */
export function signInAdvice(title: string): string {
  return `${title} is not signed in: start its own program in a terminal and sign in there, or give it a key in env.`;
}

/** The API's own words, unless there is more in them than a caller should see. */
function withDetail(sentence: string, message: string): string {
  const detail = message.replace(/^(internal error: *)?(api error: *(\d{3} *)?)?/i, '').split('\n', 1)[0] ?? '';
  const isHarmless = detail !== '' && detail.length <= longestDetail && !/[\\/]\w+[\\/]|\b(sk|key)-/.test(detail);
  return isHarmless ? `${sentence}: ${detail}` : `${sentence}.`;
}
