/** Which methods a path answers, for telling a wrong method from a wrong path. */
export class KnownPaths {
  readonly #methods = new Map<string, string>();
  readonly #prefixes: readonly string[];
  readonly #postPrefixes: readonly string[];
  readonly #patterns: readonly [RegExp, string][];

  constructor(options: {
    get: readonly string[];
    getBelow: readonly string[];
    post: readonly string[];
    patterns?: readonly [RegExp, string][];
  }) {
    this.#patterns = options.patterns ?? [];
    for (const path of options.get) this.#methods.set(path, 'GET, HEAD, OPTIONS');
    for (const path of options.post) if (!path.endsWith('/*')) this.#methods.set(path, 'POST, OPTIONS');
    const below = options.post.filter((path) => path.endsWith('/*')).map((path) => path.slice(0, -1));
    this.#prefixes = options.getBelow.map((path) => `${path}/`);
    this.#postPrefixes = below;
  }

  /** The value of an `Allow` header; undefined for a path that nothing answers. */
  methods(path: string): string | undefined {
    const known = this.#methods.get(plainPath(path));
    if (known !== undefined) return known;
    const [, matched] = this.#patterns.find(([pattern]) => pattern.test(plainPath(path))) ?? [];
    if (matched !== undefined) return matched;
    const gets = this.#prefixes.some((prefix) => path.startsWith(prefix));
    const posts = this.#postPrefixes.some((prefix) => path.startsWith(prefix));
    if (gets) return posts ? 'GET, HEAD, POST, OPTIONS' : 'GET, HEAD, OPTIONS';
    return posts ? 'POST, OPTIONS' : undefined;
  }
}

/** The path as the router sees it: without repeated and closing slashes. */
export function plainPath(path: string): string {
  const single = path.replace(/\/{2,}/g, '/');
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single;
}
