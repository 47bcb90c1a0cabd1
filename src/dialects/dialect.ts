import type { Completion } from '../core/completion.ts';
import type { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';
import type { ImageLimits } from '../core/image.ts';
import type { Operation } from '../core/operation.ts';
import type { Effort, Parameter } from '../core/request.ts';
import type { Frame } from '../stream/sse.ts';
import type { DecodeContext } from './decode-context.ts';

/** What the wire format of an answer needs beside its events. */
export interface AnswerContext<Options = unknown> {
  /** Unique per answer; the dialect adds its own prefix. */
  id: string;
  createdAt: Date;
  /** The id to answer under when the provider names none. */
  model: string;
  options: Options;
}

/** What a request may hold at the most. */
export interface RequestLimits {
  images: ImageLimits;
}

/** What a failure says of its request. */
export interface ErrorContext {
  requestId: string;
}

/**
 * What a model list says of a model. A fact that nobody knows is left out; sizes are in tokens.
 */
export interface DescribedModel {
  id: string;
  /** For people. */
  title: string;
  ownedBy: string;
  createdAt?: Date;
  contextWindow?: number;
  maxOutputTokens?: number;
  inputs: { images: boolean; documents: boolean; audio: boolean };
  parameters: readonly Parameter[];
  efforts: readonly Effort[];
  reasoning: 'never' | 'on-request' | 'by-default';
  webTools: boolean;
}

/**
 * One API that clients speak. Pure: bytes, sockets, clocks and status codes are somebody else's affair. Whoever drives
 * `frames` writes `failureFrames`, or else `errorFrame`, when it throws.
 */
export interface Dialect<Options = unknown> {
  readonly name: string;
  /** Paths that generate an answer by POST, canonical one first; what a `*` at the end stands for is `target`. */
  readonly paths: readonly string[];
  /** Throws a `GatewayError` that names the field at fault. */
  decode(body: unknown, context: DecodeContext): Operation<Options>;
  /** The answer as a stream, its head first, before any event has come. */
  frames(choices: AsyncIterable<StreamEvent>[], context: AnswerContext<Options>): AsyncGenerator<Frame>;
  /** How the frames of a stream follow each other; as server-sent events where left out. */
  framing?(options: Options): 'sse' | 'json-array';
  /** What is sent while there is nothing to say; a comment where left out. */
  readonly keepAlive?: Frame;
  /** The answer in one piece. */
  whole(completions: Completion[], context: AnswerContext<Options>): unknown;
  /** The body of an answer that failed. */
  error(error: GatewayError, context?: ErrorContext): unknown;
  /** The last frame of a stream that failed after its head had left. */
  errorFrame(error: GatewayError, context?: ErrorContext): Frame;
  /** The same where more can be told of the answer, of which `sent` frames have left. */
  failureFrames?(error: GatewayError, context: AnswerContext<Options>, sent: number): Frame[];
  /** Counting the tokens of a request instead of answering it, on paths of its own or as one of `paths`. */
  readonly tokenCount?: {
    readonly paths?: readonly string[];
    decode?(body: unknown, context: DecodeContext): Operation;
    whole(inputTokens: number): unknown;
  };
  /** Paths of its own for its list of models, and a header by which its callers are known on those of all. */
  readonly modelPaths?: readonly string[];
  readonly modelHeader?: string;
  /** The body that lists the models, and the one that describes a model. */
  listModels?(models: readonly DescribedModel[]): unknown;
  describeModel?(model: DescribedModel): unknown;
}
