import type { Parameter } from './request.ts';

/** Everything that can go wrong, told apart by what the caller can do about it. */
export const errorKinds = [
  'invalid-request',
  'unsupported-parameter',
  'invalid-image',
  'context-length-exceeded',
  'invalid-api-key',
  'forbidden',
  'not-found',
  'model-not-found',
  'method-not-allowed',
  'payload-too-large',
  'unsupported-media-type',
  'rate-limited',
  'quota-exhausted',
  'provider-missing',
  'provider-outdated',
  'provider-signed-out',
  'provider-failed',
  'upstream-unavailable',
  'overloaded',
  'timeout',
  'cancelled',
  'internal',
] as const;

export type ErrorKind = (typeof errorKinds)[number];

export interface GatewayErrorOptions {
  /** The field of the caller's body that is at fault, in the caller's own spelling: `messages[2].content`. */
  param?: string;
  /** The setting at fault, for whoever does not know by which name the caller asked for it. */
  parameter?: Parameter;
  /** When trying again can help. */
  retryAfterSeconds?: number;
  /** For the log only: never part of an answer. */
  cause?: unknown;
}

/** The one error that crosses rooms. Its message is written for the caller: one sentence, no paths, no secrets. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: ErrorKind;
  readonly param: string | undefined;
  readonly parameter: Parameter | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ErrorKind, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.param = options.param;
    this.parameter = options.parameter;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Any thrown value as a `GatewayError`; what is not one already is a fault of ours and says nothing about itself. */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    return new GatewayError('internal', 'The server failed to handle this request.', { cause: thrown });
  }
}
