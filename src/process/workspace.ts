import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from './make-folders.ts';
import { processStart, unknownStart } from './process-start.ts';

const startingAtMostMs = 60_000;

/** What a running server writes down about itself, so that the next one can tidy up after it. */
interface InstanceRecord {
  pid: number;
  start: string | undefined;
  host: string;
  /** Holds the empty directories that children run in. */
  scratch: string;
}

interface ChildRecord {
  pid: number;
  start: string | undefined;
  /** How the paths begin of files that the child removes itself unless it is killed. */
  leftovers: string[];
}

/**
 * One running server's place on disk: a folder under the home for its records, and one under the system's temporary
 * folder for the directories that children run in, since a child tells the model where it runs. Several servers share a
 * home; each sweeps up what servers that are gone have left: processes, files, directories.
 */
export class Workspace implements AsyncDisposable {
  readonly #folder: string;
  readonly #record: InstanceRecord;
  #directories = 0;

  private constructor(folder: string, record: InstanceRecord) {
    this.#folder = folder;
    this.#record = record;
  }

  static async open(home: string): Promise<Workspace> {
    const instances = join(home, 'instances');
    await makeFolders(instances);
    const name = randomBytes(8).toString('hex');
    // The number tells whose folder it is as long as there is no record in it.
    const folder = join(instances, `${process.pid}-${name}`);
    const scratch = join(tmpdir(), `session-${name}`);
    const record = { pid: process.pid, start: await processStart(process.pid), host: hostname(), scratch };
    await makeFolders(join(folder, 'children'));
    await writeFile(join(folder, 'instance.json'), JSON.stringify(record), { mode: 0o600 });
    // Only now: what no record names, nobody would find if this process were killed here.
    await mkdir(scratch, { mode: 0o700 });
    const workspace = new Workspace(folder, record);
    await workspace.#sweep(instances);
    return workspace;
  }

  /** A new empty directory for one child, readable by nobody else. Remove it with `removeDirectory`. */
  createDirectory(): string {
    this.#directories += 1;
    const directory = join(this.#record.scratch, String(this.#directories));
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }

  removeDirectory(directory: string): void {
    attempt(() => rmSync(directory, { recursive: true, force: true }));
  }

  /**
   * Writes down that this child runs. The function that comes back removes its leftovers, files whose paths begin like
   * one of `leftovers`, once it is gone. Neither fails: a full disk, or a file that is somebody else's, costs the
   * tidiness and nothing more.
   */
  track(pid: number, leftovers: string[]): () => void {
    const file = join(this.#folder, 'children', String(pid));
    const write = (start: string | undefined) => {
      const record: ChildRecord = { pid, start, leftovers };
      attempt(() => writeFileSync(file, JSON.stringify(record), { mode: 0o600 }));
    };
    let gone = false;
    write(undefined);
    void processStart(pid).then((start) => {
      if (!gone) write(start);
    });
    return () => {
      gone = true;
      for (const beginning of leftovers) removeBeginning(beginning);
      attempt(() => rmSync(file, { force: true }));
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeInstance(this.#folder, this.#record);
  }

  async #sweep(instances: string): Promise<void> {
    for (const name of await readdir(instances)) {
      const folder = join(instances, name);
      if (folder === this.#folder) continue;
      const record = await readRecord<InstanceRecord>(join(folder, 'instance.json'));
      if (record === undefined) {
        // It belongs to a server that is just starting, or that died in that instant.
        const starting = await processStart(Number.parseInt(name, 10));
        if (starting === undefined || (await isOld(folder))) await remove(folder);
        continue;
      }
      if (record.host !== hostname()) continue;
      const start = await processStart(record.pid);
      // Where nobody can say, it is taken for the one that wrote the record.
      if (start !== undefined && (start === record.start || [start, record.start].includes(unknownStart))) continue;
      await sweepChildren(join(folder, 'children'));
      await removeInstance(folder, record);
    }
  }
}

async function sweepChildren(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const child = await readRecord<ChildRecord>(join(folder, name));
    if (child === undefined) continue;
    const start = await processStart(child.pid);
    // The number has been given to somebody else, or may have been: so may the files be that are named after it.
    if (start !== undefined && (start === unknownStart || start !== child.start)) continue;
    if (start !== undefined) {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It left between the look and the signal.
      }
    }
    for (const beginning of child.leftovers) removeBeginning(beginning);
  }
}

async function removeInstance(folder: string, record: InstanceRecord): Promise<void> {
  await remove(record.scratch);
  // What could not be removed must stay on record, for the next sweep.
  if (!existsSync(record.scratch)) await remove(folder);
}

/** Another server may sweep at the same time, and what it has left this one may not be allowed to remove. */
async function remove(folder: string): Promise<void> {
  // A child that is just dying may still put something into it.
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }).catch(() => {});
}

/** Removes the files whose paths begin so. */
function removeBeginning(beginning: string): void {
  const folder = dirname(beginning);
  attempt(() => {
    const names = readdirSync(folder).filter((name) => name.startsWith(basename(beginning)));
    for (const name of names) attempt(() => rmSync(join(folder, name), { force: true }));
  });
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // What is left is found by the next server's sweep.
  }
}

async function isOld(folder: string): Promise<boolean> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > startingAtMostMs;
}

async function readRecord<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
