import { GatewayError } from '../../core/error.ts';
import type { StoredResponse } from '../../core/stored-response.ts';
import type { Frame } from '../../stream/sse.ts';
import { isUnderway } from './interrupted.ts';

const cancelled = new GatewayError('cancelled', 'The response was cancelled.');

/** One answer that is made whether or not anybody listens, with everything that was said of it so far. */
export class BackgroundResponse {
  readonly #frames: Frame[] = [];
  readonly #stop: (reason: GatewayError) => void;
  #stored: StoredResponse;
  #ended = false;
  #change = Promise.withResolvers<void>();

  constructor(stored: StoredResponse, stop: (reason: GatewayError) => void) {
    this.#stored = stored;
    this.#stop = stop;
  }

  get stored(): StoredResponse {
    return this.#stored;
  }

  get isUnderway(): boolean {
    return isUnderway(this.#stored);
  }

  /** How many frames there are. */
  get length(): number {
    return this.#frames.length;
  }

  /** What has become of the response. Once it is over, it stays as it is: false where it does. */
  become(response: StoredResponse['response']): boolean {
    if (!this.isUnderway) return false;
    this.#stored = { ...this.#stored, response };
    return true;
  }

  add(frame: Frame): void {
    if (this.#ended) return;
    this.#frames.push(frame);
    this.#wake();
  }

  /** No more frames will come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Ends the making of it, and tells those who listen. False when it is over already. */
  cancel(): boolean {
    const response = { ...this.#stored.response, status: 'cancelled' };
    if (!this.become(response)) return false;
    const type = 'response.cancelled';
    this.add({ event: type, data: { type, sequence_number: this.length, response } });
    this.end();
    this.#stop(cancelled);
    return true;
  }

  /** The frames after the one of this number: those that there are, then the others as they come. */
  async *follow(after: number): AsyncGenerator<Frame> {
    for (let next = after + 1; ; next += 1) {
      while (next >= this.#frames.length) {
        if (this.#ended) return;
        await this.#change.promise;
      }
      const frame = this.#frames[next];
      if (frame) yield frame;
    }
  }

  #wake(): void {
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers();
    resolve();
  }
}
