/** Which methods a path answers, for telling a wrong method from a wrong path. */
export class KnownPaths {
  readonly #methods = new Map<string, string>();
  readonly #prefixes: readonly string[];

  constructor(options: { get: readonly string[]; getBelow: readonly string[]; post: readonly string[] }) {
    for (const path of options.get) this.#methods.set(path, 'GET, HEAD, OPTIONS');
    for (const path of options.post) this.#methods.set(path, 'POST, OPTIONS');
    this.#prefixes = options.getBelow.map((path) => `${path}/`);
  }

  /** The value of an `Allow` header; undefined for a path that nothing answers. */
  methods(path: string): string | undefined {
    const known = this.#methods.get(plainPath(path));
    if (known !== undefined) return known;
    return this.#prefixes.some((prefix) => path.startsWith(prefix)) ? 'GET, HEAD, OPTIONS' : undefined;
  }
}

/** The path as the router sees it: without repeated and closing slashes. */
export function plainPath(path: string): string {
  const single = path.replace(/\/{2,}/g, '/');
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single;
}
