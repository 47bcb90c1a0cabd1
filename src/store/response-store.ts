import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { StoredResponse, StoredResponses } from '../core/stored-response.ts';

export interface ResponseStoreOptions {
  /** Path of the database file, or `:memory:`. */
  file: string;
  /** How long a response is kept, in milliseconds. */
  maxAgeMs: number;
  /** How much all of them may take, in bytes of JSON; the oldest go first. */
  maxBytes: number;
  now?: () => number;
}

interface Row {
  id: string;
  created_at: number;
  previous_id: string | null;
  input: string;
  response: string;
}

const busyTimeoutMs = 5_000;
const sweepEveryMs = 60_000;

/** Another version of this program has written the file: its tables are not touched. */
const schemaVersion = 1;

/**
 * Responses in SQLite, readable by their owner alone. Several servers may share one file. A full disk or a broken file
 * makes `put` throw; what was stored before stays readable.
 */
export class ResponseStore implements StoredResponses, Disposable {
  readonly #database: DatabaseSync;
  readonly #options: ResponseStoreOptions;
  readonly #statements: Record<'put' | 'get' | 'chain' | 'delete' | 'expire' | 'measure' | 'dropOldest', StatementSync>;
  #sweptAt = 0;
  #bytes = 0;

  constructor(options: ResponseStoreOptions) {
    this.#options = options;
    if (options.file !== ':memory:') createPrivately(options.file);
    this.#database = new DatabaseSync(options.file, { timeout: busyTimeoutMs });
    const database = this.#database;
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > schemaVersion) throw new Error('the stored responses were written by a newer version');
    database.exec(`
      CREATE TABLE IF NOT EXISTS responses (
        caller TEXT NOT NULL,
        id TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        previous_id TEXT,
        input TEXT NOT NULL,
        response TEXT NOT NULL,
        bytes BIGINT NOT NULL,
        PRIMARY KEY (caller, id)
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS responses_by_age ON responses (created_at, bytes);
      PRAGMA user_version = ${schemaVersion};
    `);
    this.#statements = {
      put: database.prepare(
        'INSERT OR REPLACE INTO responses (caller, id, created_at, previous_id, input, response, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ),
      get: database.prepare(
        'SELECT id, created_at, previous_id, input, response FROM responses WHERE caller = ? AND id = ?',
      ),
      chain: database.prepare(`
        WITH RECURSIVE chain (depth, id, created_at, previous_id, input, response) AS (
          SELECT 0, id, created_at, previous_id, input, response FROM responses WHERE caller = ?1 AND id = ?2
          UNION ALL
          SELECT depth + 1, older.id, older.created_at, older.previous_id, older.input, older.response
          FROM responses AS older JOIN chain ON older.caller = ?1 AND older.id = chain.previous_id
        )
        SELECT id, created_at, previous_id, input, response FROM chain ORDER BY depth DESC
      `),
      delete: database.prepare('DELETE FROM responses WHERE caller = ? AND id = ?'),
      expire: database.prepare('DELETE FROM responses WHERE created_at < ?'),
      measure: database.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM responses'),
      dropOldest: database.prepare(`
        DELETE FROM responses WHERE (caller, id) IN (
          SELECT caller, id FROM (
            SELECT caller, id, sum(bytes) OVER (ORDER BY created_at DESC, id DESC) AS upto FROM responses
          ) WHERE upto > ?
        )
      `),
    };
    this.#sweep();
  }

  put({ caller, id, createdAt, previousId, input, response }: StoredResponse): void {
    const inputText = JSON.stringify(input);
    const responseText = JSON.stringify(response);
    const bytes = Buffer.byteLength(inputText) + Buffer.byteLength(responseText);
    this.#statements.put.run(caller, id, createdAt.getTime(), previousId ?? null, inputText, responseText, bytes);
    this.#bytes += bytes;
    if (this.#bytes > this.#options.maxBytes || this.#now() - this.#sweptAt > sweepEveryMs) this.#sweep();
  }

  get(caller: string, id: string): StoredResponse | undefined {
    const row = this.#statements.get.get(caller, id) as unknown as Row | undefined;
    return row === undefined || this.#isTooOld(row) ? undefined : read(caller, row);
  }

  conversation(caller: string, id: string): StoredResponse[] | undefined {
    const rows = this.#statements.chain.all(caller, id) as unknown as Row[];
    const [first] = rows;
    if (first === undefined || first.previous_id !== null || rows.some((row) => this.#isTooOld(row))) return undefined;
    return rows.map((row) => read(caller, row));
  }

  delete(caller: string, id: string): boolean {
    return Number(this.#statements.delete.run(caller, id).changes) > 0;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #isTooOld({ created_at: createdAt }: Row): boolean {
    return createdAt < this.#now() - this.#options.maxAgeMs;
  }

  #sweep(): void {
    this.#sweptAt = this.#now();
    this.#statements.expire.run(this.#sweptAt - this.#options.maxAgeMs);
    this.#bytes = this.#measure();
    if (this.#bytes <= this.#options.maxBytes) return;
    this.#statements.dropOldest.run(this.#options.maxBytes);
    this.#bytes = this.#measure();
  }

  #measure(): number {
    return (this.#statements.measure.get() as { bytes: number }).bytes;
  }
}

/** SQLite gives the files beside the database the mode of the database itself. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

function read(caller: string, row: Row): StoredResponse {
  return {
    id: row.id,
    caller,
    createdAt: new Date(row.created_at),
    previousId: row.previous_id ?? undefined,
    input: JSON.parse(row.input),
    response: JSON.parse(row.response),
  };
}
