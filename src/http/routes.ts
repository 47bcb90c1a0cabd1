import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect } from '../dialects/dialect.ts';
import { plainPath } from './known-paths.ts';

interface Root {
  root: string;
  dialect: Dialect;
}

/** Which dialect speaks on a path. */
export class Routes {
  /** Paths that answer a POST, as the router takes them. */
  readonly posts: ReadonlyMap<string, { dialect: Dialect; counts: boolean }>;
  readonly #dialects: readonly [Dialect, ...Dialect[]];
  readonly #roots: readonly Root[];

  /** The first dialect speaks for paths that belong to none. */
  constructor(dialects: readonly [Dialect, ...Dialect[]]) {
    this.#dialects = dialects;
    this.posts = new Map(
      dialects.flatMap((dialect) => {
        const to = (counts: boolean) => (path: string) => [path, { dialect, counts }] as const;
        return [...dialect.paths.map(to(false)), ...(dialect.tokenCount?.paths ?? []).map(to(true))];
      }),
    );
    const roots = dialects.flatMap((dialect) => {
      const paths = [...dialect.paths, ...(dialect.modelPaths ?? [])].map((path) => path.replace(/\/\*$/, ''));
      return [...paths, ...paths.flatMap(ownBeginning)].map((root): Root => ({ root, dialect }));
    });
    // The longest that fits counts.
    this.#roots = roots.sort((a, b) => b.root.length - a.root.length);
  }

  /** The dialect that a caller of this path understands. */
  dialectOf(method: string, path: string, headers: IncomingHttpHeaders): Dialect {
    const plain = plainPath(path);
    if (method === 'GET') {
      const asked = this.#dialects.find(({ modelHeader }) => modelHeader !== undefined && modelHeader in headers);
      if (asked !== undefined && /\/models(\/|$)/.test(plain)) return asked;
      const [first] = this.#dialects;
      if (/^(\/v1)*\/models(\/|$)/.test(plain)) return first;
    }
    const found = this.#roots.find(({ root }) => plain === root || plain.startsWith(`${root}/`));
    return found?.dialect ?? this.#dialects[0];
  }
}

/** `/v1beta` for `/v1beta/models`: a version that no other dialect has. */
function ownBeginning(path: string): string[] {
  const [, first = ''] = path.split('/');
  return first === 'v1' ? [] : [`/${first}`];
}
