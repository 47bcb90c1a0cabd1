import type { Completion } from '../core/completion.ts';
import type { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';
import type { ImageLimits } from '../core/image.ts';
import type { Operation } from '../core/operation.ts';
import type { Frame } from '../stream/sse.ts';

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

/**
 * One API that clients speak. Pure: bytes, sockets, clocks and status codes are somebody else's affair. Whoever drives
 * `frames` writes `errorFrame` when it throws.
 */
export interface Dialect<Options = unknown> {
  readonly name: string;
  /** Paths that generate an answer by POST, canonical one first. */
  readonly paths: readonly string[];
  /** Throws a `GatewayError` that names the field at fault. */
  decode(body: unknown, limits: RequestLimits): Operation<Options>;
  /** The answer as a stream, its head first, before any event has come. */
  frames(choices: AsyncIterable<StreamEvent>[], context: AnswerContext<Options>): AsyncGenerator<Frame>;
  /** The answer in one piece. */
  whole(completions: Completion[], context: AnswerContext<Options>): unknown;
  /** The body of an answer that failed. */
  error(error: GatewayError): unknown;
  /** The last frame of a stream that failed after its head had left. */
  errorFrame(error: GatewayError): Frame;
}
