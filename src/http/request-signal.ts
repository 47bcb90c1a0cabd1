import type { ServerResponse } from 'node:http';
import { GatewayError } from '../core/error.ts';

/**
 * A signal for the work on one request: aborted when the caller hangs up, when the time is over and, so that nothing is
 * left running, when it is disposed of.
 */
export class RequestSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #response: ServerResponse;
  readonly #timer: NodeJS.Timeout;

  constructor(response: ServerResponse, timeoutMs: number) {
    this.#response = response;
    this.#timer = setTimeout(() => this.#controller.abort(timeout(timeoutMs)), timeoutMs);
    if (response.destroyed) this.#hangUp();
    else response.once('close', this.#hangUp);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#response.off('close', this.#hangUp);
    this.#controller.abort(new GatewayError('cancelled', 'The request is over.'));
  }

  readonly #hangUp = () => {
    this.#controller.abort(new GatewayError('cancelled', 'The caller hung up.'));
  };
}

function timeout(timeoutMs: number): GatewayError {
  return new GatewayError('timeout', `The answer took longer than ${timeoutMs / 1000} seconds.`);
}
