const newline = 0x0a;

/**
 * Cuts a byte stream into lines of UTF-8 text without their line ends. Feed it chunks as they come; a character split
 * between chunks is put together again. A line longer than `maxBytes` throws a `RangeError`.
 */
export class LineSplitter {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  readonly #maxBytes: number;

  constructor(options: { maxBytes: number }) {
    this.#maxBytes = options.maxBytes;
  }

  *feed(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield this.#take(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(start === 0 ? chunk : chunk.subarray(start));
  }

  #take(tail: Buffer): string {
    if (this.#pendingBytes === 0) return trimEnd(tail);
    this.#keep(tail);
    const line = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    return trimEnd(line);
  }

  #keep(bytes: Buffer): void {
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > this.#maxBytes) throw new RangeError(`a line is longer than ${this.#maxBytes} bytes`);
    this.#pending.push(bytes);
  }
}

function trimEnd(line: Buffer): string {
  return line.toString('utf8', 0, line.at(-1) === 0x0d ? line.length - 1 : line.length);
}
