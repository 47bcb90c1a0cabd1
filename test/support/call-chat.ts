import assert from 'node:assert/strict';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** How a call of chat completions ended. Anything else than these is a fault of the server. */
export type Ending =
  | { type: 'answer'; text: string; toolCalls: ToolCall[]; finishReason: string }
  | { type: 'error'; status: number; code: string | null }
  | { type: 'error-in-stream'; text: string; code: string | null }
  | { type: 'hung-up' }
  /** The connection broke without our doing. */
  | { type: 'lost' };

interface ToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export interface CallOptions {
  /** Hang up after so many pieces of text. */
  hangUpAfterPieces?: number;
  /** Hang up when this signal is aborted. */
  signal?: AbortSignal;
  /** Called at each piece of text. */
  onPiece?: () => void;
  /** Milliseconds until the call counts as stuck. */
  deadlineMs?: number;
}

interface Delta {
  content?: string;
  tool_calls?: { index: number; id?: string; function: { name?: string; arguments?: string } }[];
}

/** Calls on a connection of its own and follows the call to its end. Fails when that is malformed or does not come. */
export async function callChat(url: string, body: object, options: CallOptions = {}): Promise<Ending> {
  const { deadlineMs = 90_000 } = options;
  const call = request(`${url}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  let hungUp = false;
  const hangUp = () => {
    hungUp = true;
    call.destroy();
  };
  options.signal?.addEventListener('abort', hangUp, { once: true });
  let stuck = false;
  const timer = setTimeout(() => {
    stuck = true;
    call.destroy();
  }, deadlineMs);
  try {
    const { status, type, text } = await exchange(call, JSON.stringify(body), { ...options, hangUp });
    // The end may have been here before the hang-up got through.
    if (hungUp) return { type: 'hung-up' };
    if (status !== 200) return { type: 'error', status, code: errorCode(JSON.parse(text)) };
    return type.startsWith('text/event-stream') ? readStream(text) : readWhole(text);
  } catch (error) {
    if (stuck) throw new Error(`no end within ${deadlineMs} ms: ${JSON.stringify(body)}`, { cause: error });
    if (hungUp) return { type: 'hung-up' };
    if (error instanceof Error && 'code' in error && error.code !== 'ERR_ASSERTION') return { type: 'lost' };
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', hangUp);
  }
}

async function exchange(call: ClientRequest, body: string, options: CallOptions & { hangUp: () => void }) {
  const { promise: answered, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  call.once('response', resolve);
  call.on('error', reject);
  call.end(body);
  const response = await answered;
  let text = '';
  let pieces = 0;
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    const now = text.split('"content":"').length - 1;
    if (now > pieces) options.onPiece?.();
    pieces = now;
    if (pieces > (options.hangUpAfterPieces ?? Number.POSITIVE_INFINITY)) options.hangUp();
  }
  return { status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text };
}

function readWhole(text: string): Ending {
  const { object, choices, usage } = JSON.parse(text);
  assert.equal(object, 'chat.completion', text);
  assert.ok(usage.total_tokens > 0, text);
  const [{ message, finish_reason: finishReason }] = choices;
  assert.equal(typeof finishReason, 'string', text);
  return { type: 'answer', text: message.content ?? '', toolCalls: message.tool_calls ?? [], finishReason };
}

function readStream(stream: string): Ending {
  assert.ok(stream.endsWith('\n\n'), `the last frame is not whole: ${stream.slice(-200)}`);
  const frames = stream
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length));
  const done = frames.at(-1) === '[DONE]';
  const chunks = frames.slice(0, done ? -1 : undefined).map((frame) => JSON.parse(frame));
  const deltas: Delta[] = chunks.flatMap(({ choices = [] }) => choices.map(({ delta }: { delta: Delta }) => delta));
  const text = deltas.map(({ content }) => content ?? '').join('');
  if (!done) return { type: 'error-in-stream', text, code: errorCode(chunks.at(-1)) };
  assert.ok(!chunks.some((chunk) => 'error' in chunk), `an error and [DONE]: ${stream.slice(-400)}`);
  const reasons = chunks.flatMap(({ choices }) =>
    choices.map((choice: Record<string, unknown>) => choice.finish_reason),
  );
  const [finishReason, ...more] = reasons.filter((reason) => reason !== null);
  assert.equal(typeof finishReason, 'string', `no finish reason: ${stream.slice(-400)}`);
  assert.deepEqual(more, []);
  return { type: 'answer', text, toolCalls: joinToolCalls(deltas), finishReason };
}

function joinToolCalls(deltas: readonly Delta[]): ToolCall[] {
  const calls: ToolCall[] = [];
  for (const { index, id = '', function: part } of deltas.flatMap((delta) => delta.tool_calls ?? [])) {
    calls[index] ??= { id, type: 'function', function: { name: part.name ?? '', arguments: '' } };
    calls[index].function.arguments += part.arguments ?? '';
  }
  return calls;
}

function errorCode(body: { error?: Record<string, unknown> } | undefined): string | null {
  const { error } = body ?? {};
  assert.ok(error, `neither [DONE] nor an error: ${JSON.stringify(body)}`);
  for (const key of ['message', 'type', 'param', 'code']) assert.ok(key in error, `no ${key}: ${JSON.stringify(body)}`);
  assert.equal(typeof error.message, 'string');
  return error.code as string | null;
}
