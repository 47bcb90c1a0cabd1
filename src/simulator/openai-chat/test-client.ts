import type { Simulator } from '../start-simulator.ts';

/** Posts a completion request as a signed-in client; a string is the one user message. */
export function post(simulator: Simulator, request: string | object, init: RequestInit = {}): Promise<Response> {
  const rest = typeof request === 'string' ? { messages: [{ role: 'user', content: request }] } : request;
  return fetch(`${simulator.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer dummy', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'qwen-test', ...rest }),
    ...init,
  });
}

/** The parts of completions, chunks and errors that tests look at. */
export interface Completion {
  readonly id: string;
  readonly created: number;
  readonly choices: readonly { readonly message: Message; readonly finish_reason: string }[];
  readonly usage: Usage;
}

export interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly choices: readonly { readonly delta: Message; readonly finish_reason: string | null }[];
  readonly usage?: Usage | null;
}

export interface Message {
  readonly role?: string;
  readonly content?: string | null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly annotations?: readonly { readonly type: string; readonly url_citation: Citation }[];
}

interface ToolCall {
  readonly index?: number;
  readonly id?: string;
  readonly type?: string;
  readonly function: { readonly name?: string; readonly arguments: string };
}

interface Citation {
  readonly url: string;
  readonly title: string;
  readonly start_index: number;
  readonly end_index: number;
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
}

export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** The data of each server-sent event. Throws unless the stream ends in `[DONE]`. */
export function readChunks(stream: string): Chunk[] {
  const data = readData(stream);
  if (data.pop() !== '[DONE]') throw new Error('the stream ends without [DONE]');
  return data.map((json): Chunk => JSON.parse(json));
}

/** The data of each server-sent event as it stands. */
export function readData(stream: string): string[] {
  const events = stream.split('\n\n');
  if (events.pop() !== '') throw new Error('the stream ends inside an event');
  return events.map((event) => {
    const [, data] = /^data: (.*)$/.exec(event) ?? [];
    if (data === undefined) throw new Error(`not an event with nothing but data: ${event}`);
    return data;
  });
}

/** The chunks of a streamed answer. */
export async function stream(simulator: Simulator, request: string | object): Promise<Chunk[]> {
  const rest = typeof request === 'string' ? { messages: [{ role: 'user', content: request }] } : request;
  return readChunks(await (await post(simulator, { ...rest, stream: true })).text());
}

/** The text of all deltas. */
export function textOf(chunks: readonly Chunk[]): string {
  return deltasOf(chunks)
    .map(({ content }) => content ?? '')
    .join('');
}

export function deltasOf(chunks: readonly Chunk[]): Message[] {
  return chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
}

/** Why the answer ended, as the last chunk with a choice tells. */
export function finishOf(chunks: readonly Chunk[]): string | null | undefined {
  return chunks.findLast(({ choices }) => choices.length > 0)?.choices[0]?.finish_reason;
}
