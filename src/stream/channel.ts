const forgetEvery = 64;

/**
 * A queue between a producer that pushes and one reader that pulls. Reading ends after `end`, or throws after `fail`,
 * once what was pushed before has been read. `onPressure` is told when more than `limit` values wait, and when the
 * reader has caught up, so that the producer can pause its source.
 */
export class Channel<T> implements AsyncIterable<T> {
  #values: T[] = [];
  #head = 0;
  #closed: { error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #pressed = false;
  readonly #limit: number;
  readonly #onPressure: ((pressed: boolean) => void) | undefined;

  constructor(options: { limit?: number; onPressure?: (pressed: boolean) => void } = {}) {
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.#onPressure = options.onPressure;
  }

  push(value: T): void {
    if (this.#closed) return;
    this.#values.push(value);
    if (!this.#pressed && this.#values.length - this.#head > this.#limit) this.#press(true);
    this.#wake?.();
  }

  end(): void {
    this.#close({});
  }

  fail(error: unknown): void {
    this.#close({ error });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        while (this.#head < this.#values.length) {
          const value = this.#values[this.#head] as T;
          this.#head += 1;
          if (this.#head === this.#values.length) {
            this.#values = [];
            this.#head = 0;
            if (this.#pressed) this.#press(false);
          } else if (this.#head >= forgetEvery && this.#head * 2 >= this.#values.length) {
            // A reader that never quite catches up must not keep all that it has read alive.
            this.#values.splice(0, this.#head);
            this.#head = 0;
          }
          yield value;
        }
        if (this.#closed) {
          if ('error' in this.#closed) throw this.#closed.error;
          return;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    } finally {
      this.#closed ??= {};
      this.#values = [];
      this.#head = 0;
      if (this.#pressed) this.#press(false);
    }
  }

  #close(state: { error?: unknown }): void {
    if (this.#closed) return;
    this.#closed = state;
    this.#wake?.();
  }

  #press(pressed: boolean): void {
    this.#pressed = pressed;
    this.#onPressure?.(pressed);
  }
}
