import type { Simulator } from '../start-simulator.ts';

const DEFAULTS = { model: 'gpt-test' };

/** Posts a request as a signed-in client; a string is the one user message. */
export function post(simulator: Simulator, request: string | object, init: RequestInit = {}): Promise<Response> {
  return fetch(`${simulator.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer dummy', 'content-type': 'application/json' },
    body: JSON.stringify({ ...DEFAULTS, ...requestOf(request) }),
    ...init,
  });
}

/** The fields of a request; a string is the one user message. */
export function requestOf(request: string | object): object {
  return typeof request === 'string' ? { input: request } : request;
}

/** The parts of responses, events and errors that tests look at. */
export interface ResponseBody {
  readonly id: string;
  readonly object: string;
  readonly status: string;
  readonly model: string;
  readonly output: readonly Item[];
  readonly incomplete_details: { readonly reason: string } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly usage: Usage | null;
}

export interface Item {
  readonly id: string;
  readonly type: string;
  readonly status?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly call_id?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly encrypted_content?: string;
  readonly summary?: readonly { readonly type: string; readonly text: string }[];
  readonly content?: readonly Part[];
  readonly action?: { readonly query: string; readonly sources?: readonly { readonly url: string }[] };
}

interface Part {
  readonly type: string;
  readonly text: string;
  readonly annotations: readonly Annotation[];
}

interface Annotation {
  readonly type: string;
  readonly url: string;
  readonly start_index: number;
  readonly end_index: number;
}

interface Usage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

export interface StreamEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index?: number;
  readonly item_id?: string;
  readonly item?: Item;
  readonly response?: ResponseBody;
  readonly delta?: string;
  readonly annotation?: Annotation;
}

export interface ErrorBody {
  readonly error: ErrorObject;
}

export interface ErrorObject {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly resets_at?: number;
}

/** The data of each server-sent event, checked against its name and its place. */
export function readEvents(stream: string): StreamEvent[] {
  const events = stream.split('\n\n');
  if (events.pop() !== '') throw new Error('the stream ends inside an event');
  return events.map((event, index) => {
    const [, name, data] = /^event: (\S+)\ndata: (.*)$/.exec(event) ?? [];
    const parsed: StreamEvent = JSON.parse(data ?? '');
    if (parsed.type !== name) throw new Error(`event ${name} carries ${parsed.type}`);
    if (parsed.sequence_number !== index) throw new Error(`event ${index} has number ${parsed.sequence_number}`);
    return parsed;
  });
}

/** The events of a streamed answer. */
export async function stream(simulator: Simulator, request: string | object): Promise<StreamEvent[]> {
  return readEvents(await (await post(simulator, { ...requestOf(request), stream: true })).text());
}

/** The text of all text deltas. */
export function textOf(events: readonly StreamEvent[]): string {
  return deltasOf(events, 'response.output_text.delta').join('');
}

/** The deltas of one type, those of one item if it is given. */
export function deltasOf(events: readonly StreamEvent[], type: string, itemId?: string): string[] {
  return events
    .filter((event) => event.type === type && (itemId === undefined || event.item_id === itemId))
    .map(({ delta = '' }) => delta);
}

/** The response that the last event carries. */
export function endOf(events: readonly StreamEvent[]): ResponseBody {
  const response = events.at(-1)?.response;
  if (!response) throw new Error(`the last event is ${JSON.stringify(events.at(-1))}`);
  return response;
}
