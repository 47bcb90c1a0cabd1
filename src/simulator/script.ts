/** What the scripted model does with one request, in order. The same language serves every simulated API. */
export type Script = readonly Step[];

/** Content steps stream, timing and fault steps happen where they stand, the rest holds for the whole answer. */
export type Step =
  | TextStep
  | ThinkingStep
  | CallStep
  | WebSearchStep
  | WaitStep
  | ErrorStep
  | CutStep
  | HangStep
  | RawStep
  | StatusStep
  | SlowStep
  | FragmentStep
  | FinishStep
  | UsageStep
  | HeadersStep;

interface Streamed {
  /** Characters per streamed piece. Left out: one word per piece (tool arguments: 16 characters). */
  readonly chunkSize?: number;
  /** Milliseconds between two pieces. */
  readonly delay?: number;
}

export interface TextStep extends Streamed {
  readonly type: 'text';
  readonly text: string;
  readonly citations?: readonly Source[];
}

export interface ThinkingStep extends Streamed {
  readonly type: 'thinking';
  readonly text: string;
  readonly signature?: string;
}

/** A call of one of the caller's tools. Several in one script are parallel calls of one turn. */
export interface CallStep extends Streamed {
  readonly type: 'call';
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Left out: the simulator makes one up in the API's own style. */
  readonly id?: string;
}

/** A web search that the API itself runs, with its results. */
export interface WebSearchStep {
  readonly type: 'web-search';
  readonly query: string;
  readonly results: readonly Source[];
}

export interface Source {
  readonly title: string;
  readonly url: string;
}

/** Before any content nothing at all is sent meanwhile; 0 waits for the next turn of the event loop. */
export interface WaitStep {
  readonly type: 'wait';
  readonly milliseconds: number;
}

/** An error event inside a stream that began well. */
export interface ErrorStep {
  readonly type: 'error';
  readonly errorType: string;
  readonly message?: string;
}

/** Destroys the connection. */
export interface CutStep {
  readonly type: 'cut';
}

/** Sends nothing more until the peer hangs up. */
export interface HangStep {
  readonly type: 'hang';
}

/** Bytes written as they are. A script of nothing but raw steps replaces the whole answer. */
export interface RawStep {
  readonly type: 'raw';
  readonly bytes: string | Uint8Array;
}

/** An HTTP error instead of an answer; only waits before it count. */
export interface StatusStep {
  readonly type: 'status';
  readonly status: number;
  readonly errorType?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The delay between pieces for every step that has none of its own. */
export interface SlowStep {
  readonly type: 'slow';
  readonly delay: number;
}

/** Cuts the body into pieces of so many bytes, wherever that falls: inside a line, inside a character. */
export interface FragmentStep {
  readonly type: 'fragment';
  readonly bytes: number;
}

/** Left out: `tool_use` after calls, else `end_turn`. */
export interface FinishStep {
  readonly type: 'finish';
  readonly reason: FinishReason;
  /** Which one, when the reason is `stop_sequence`. */
  readonly stopSequence?: string;
}

export type FinishReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'stop_sequence' | 'refusal' | 'pause_turn';

/** Token counts. Input and output are estimated from sizes where left out, the cache counts are then 0. */
export interface UsageStep {
  readonly type: 'usage';
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** Response headers, such as rate limits. */
export interface HeadersStep {
  readonly type: 'headers';
  readonly headers: Readonly<Record<string, string>>;
}
