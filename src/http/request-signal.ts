import type { ServerResponse } from 'node:http';
import { GatewayError } from '../core/error.ts';
import { probeHalfClosed } from './half-closed.ts';

/** One for all: making an error costs more than the rest of a request's end, and hardly anybody is told of it. */
const over = new GatewayError('cancelled', 'The request is over.');

/**
 * A signal for the work on one request: aborted when the caller hangs up, when the time is over and, so that nothing is
 * left running, when it is disposed of.
 */
export class RequestSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #response: ServerResponse;
  readonly #timer: NodeJS.Timeout;
  readonly #endProbe: () => void;

  constructor(response: ServerResponse, timeoutMs: number) {
    this.#response = response;
    this.#timer = setTimeout(() => this.#controller.abort(timeout(timeoutMs)), timeoutMs);
    if (response.destroyed) this.#hangUp();
    else response.once('close', this.#hangUp);
    this.#endProbe = probeHalfClosed(response);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#endProbe();
    this.#response.off('close', this.#hangUp);
    this.#controller.abort(over);
  }

  readonly #hangUp = () => {
    this.#controller.abort(new GatewayError('cancelled', 'The caller hung up.'));
  };
}

/** The failure of an answer that took too long. */
export function timeout(timeoutMs: number): GatewayError {
  return new GatewayError('timeout', `The answer took longer than ${timeoutMs / 1000} seconds.`);
}
