import type { Simulator } from '../start-simulator.ts';

const DEFAULTS = { model: 'claude-test', max_tokens: 100 };

/** Posts a message request as a signed-in client; a string is the one user message. */
export function post(simulator: Simulator, request: string | object, init: RequestInit = {}): Promise<Response> {
  const rest = typeof request === 'string' ? { messages: [{ role: 'user', content: request }] } : request;
  return fetch(`${simulator.url}/v1/messages?beta=true`, {
    method: 'POST',
    headers: { 'x-api-key': 'dummy', 'content-type': 'application/json' },
    body: JSON.stringify({ ...DEFAULTS, ...rest }),
    ...init,
  });
}

/** The parts of messages, events and errors that tests look at. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly model: string;
  readonly usage: Usage;
  readonly content: readonly Block[];
}

export interface Block {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly content?: readonly { readonly url: string }[];
}

export interface StreamEvent {
  readonly type: string;
  readonly index?: number;
  readonly message?: Message;
  readonly content_block?: Block;
  readonly delta?: Delta;
  readonly usage?: Usage;
  readonly error?: { readonly type: string };
}

interface Delta {
  readonly type?: string;
  readonly text?: string;
  readonly partial_json?: string;
  readonly citation?: { readonly url: string };
  readonly stop_reason?: string;
  readonly stop_sequence?: string | null;
}

interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly server_tool_use?: { readonly web_search_requests: number };
}

export interface ErrorBody {
  readonly type: string;
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id: string;
}

/** The data of each server-sent event, checked against its name. */
export function readEvents(stream: string): StreamEvent[] {
  const events = stream.split('\n\n');
  if (events.pop() !== '') throw new Error('the stream ends inside an event');
  return events.map((event) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
    const parsed: StreamEvent = JSON.parse(data ?? '');
    if (parsed.type !== name) throw new Error(`event ${name} carries ${parsed.type}`);
    return parsed;
  });
}

/** The events of a streamed answer. */
export async function stream(simulator: Simulator, request: string | object): Promise<StreamEvent[]> {
  const rest = typeof request === 'string' ? { messages: [{ role: 'user', content: request }] } : request;
  return readEvents(await (await post(simulator, { ...rest, stream: true })).text());
}

/** The text of all text deltas. */
export function textOf(events: readonly StreamEvent[]): string {
  return events.map((event) => event.delta?.text ?? '').join('');
}
