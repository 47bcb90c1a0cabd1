import { GatewayError } from '../../core/error.ts';
import { timeout } from '../request-signal.ts';

const over = new GatewayError('cancelled', 'The answer is over.');

/** A signal for an answer that hangs on no HTTP response: aborted when its time is over, and when it is disposed of. */
export class WorkSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => this.abort(timeout(timeoutMs)), timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: GatewayError): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#controller.abort(over);
  }
}
