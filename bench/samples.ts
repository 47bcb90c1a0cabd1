/** Measured values in milliseconds, by name. */
export class Samples {
  readonly #values = new Map<string, number[]>();

  add(name: string, milliseconds: number): void {
    const values = this.#values.get(name);
    if (values) values.push(milliseconds);
    else this.#values.set(name, [milliseconds]);
  }

  of(name: string): readonly number[] {
    return this.#values.get(name) ?? [];
  }

  toJSON(): Record<string, readonly number[]> {
    return Object.fromEntries(this.#values);
  }
}
