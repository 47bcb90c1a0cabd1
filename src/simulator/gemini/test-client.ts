import type { Simulator } from '../start-simulator.ts';

const MODEL = 'gemini-test';

/** What a test may say of a request beside its body. */
export interface Call extends RequestInit {
  readonly model?: string;
  /** With its query. */
  readonly verb?: string;
}

/** Posts a request as a signed-in client; a string is the one user content. */
export function post(simulator: Simulator, request: string | object, call: Call = {}): Promise<Response> {
  const { model = MODEL, verb = 'generateContent', ...init } = call;
  return fetch(`${simulator.url}/v1beta/models/${model}:${verb}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': 'dummy', 'content-type': 'application/json' },
    body: JSON.stringify(typeof request === 'string' ? { contents: [user(request)] } : request),
    ...init,
  });
}

export function user(...parts: readonly (string | object)[]): Content {
  return { role: 'user', parts: parts.map(asPart) };
}

export function model(...parts: readonly (string | object)[]): Content {
  return { role: 'model', parts: parts.map(asPart) };
}

function asPart(part: string | object): object {
  return typeof part === 'string' ? { text: part } : part;
}

interface Content {
  readonly role: string;
  readonly parts: readonly object[];
}

/** The parts of responses and errors that tests look at. */
export interface ContentResponse {
  readonly candidates?: readonly Candidate[];
  readonly promptFeedback?: { readonly blockReason: string };
  readonly usageMetadata: Readonly<Record<string, unknown>>;
  readonly modelVersion: string;
  readonly responseId: string;
}

interface Candidate {
  readonly content: { readonly role: string; readonly parts?: readonly Part[] };
  readonly finishReason?: string;
  readonly index: number;
  readonly groundingMetadata?: Grounding;
  readonly urlContextMetadata?: unknown;
}

interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: { readonly id: string; readonly name: string; readonly args: unknown };
}

interface Grounding {
  readonly webSearchQueries: readonly string[];
  readonly groundingChunks: readonly { readonly web: { readonly uri: string; readonly title: string } }[];
  readonly groundingSupports: readonly {
    readonly segment: { readonly startIndex?: number; readonly endIndex: number; readonly text: string };
    readonly groundingChunkIndices: readonly number[];
  }[];
}

export interface ErrorBody {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly status: string;
    readonly details?: readonly Readonly<Record<string, unknown>>[];
  };
}

/** The responses of a stream of events. */
export function readEvents(stream: string): ContentResponse[] {
  const events = stream.split('\r\n\r\n');
  if (events.pop() !== '') throw new Error('the stream ends inside an event');
  return events.map((event) => {
    const [, data] = /^data: (.*)$/.exec(event) ?? [];
    return JSON.parse(data ?? '');
  });
}

/** The responses of a streamed answer. */
export async function stream(
  simulator: Simulator,
  request: string | object,
  call: Call = {},
): Promise<ContentResponse[]> {
  const response = await post(simulator, request, { verb: 'streamGenerateContent?alt=sse', ...call });
  return readEvents(await response.text());
}

/** An answer in one piece. */
export async function generate(
  simulator: Simulator,
  request: string | object,
  call: Call = {},
): Promise<ContentResponse> {
  return (await (await post(simulator, request, call)).json()) as ContentResponse;
}

export function partsOf(...responses: readonly ContentResponse[]): Part[] {
  return responses.flatMap(({ candidates = [] }) => candidates.flatMap(({ content }) => content.parts ?? []));
}

/** The text without the thoughts. */
export function textOf(...responses: readonly ContentResponse[]): string {
  return partsOf(...responses)
    .map(({ text = '', thought }) => (thought ? '' : text))
    .join('');
}

export function finishOf(response: ContentResponse | undefined): string | undefined {
  return response?.candidates?.[0]?.finishReason;
}
