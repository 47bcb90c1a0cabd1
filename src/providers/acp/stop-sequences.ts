/** Cuts a streamed text at the first stop sequence; holds back what may turn out to be the beginning of one. */
export class StopSequences {
  #held = '';
  #found: string | undefined;
  readonly #sequences: readonly string[];

  constructor(sequences: readonly string[]) {
    this.#sequences = sequences.filter((sequence) => sequence !== '');
  }

  /** The sequence that ended the text. */
  get found(): string | undefined {
    return this.#found;
  }

  /** The text that can be said now. */
  feed(text: string): string {
    if (this.#found !== undefined) return '';
    const all = this.#held + text;
    const [first] = this.#sequences
      .map((sequence) => ({ sequence, at: all.indexOf(sequence) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at || b.sequence.length - a.sequence.length);
    if (first !== undefined) {
      this.#found = first.sequence;
      this.#held = '';
      return all.slice(0, first.at);
    }
    const held = Math.max(0, ...this.#sequences.map((sequence) => overlap(all, sequence)));
    this.#held = held === 0 ? '' : all.slice(-held);
    return all.slice(0, all.length - held);
  }

  /** What was held back, when no more text comes. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}

/** How many characters at the end of the text begin the sequence. */
function overlap(text: string, sequence: string): number {
  for (let length = Math.min(sequence.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(sequence.slice(0, length))) return length;
  }
  return 0;
}
