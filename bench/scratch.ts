import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What every program of the run gets. */
export interface ProgramEnvironment extends Record<string, string> {
  PATH: string;
  HOME: string;
  TMPDIR: string;
}

/** A directory of the run's own, and environments that keep everything inside it. */
export interface Scratch extends AsyncDisposable {
  /** A new empty directory. */
  directory(name: string): Promise<string>;
  /** A home of its own for each program, with nothing of the user's in it. */
  environment(name: string): Promise<ProgramEnvironment>;
  /** An executable that runs this Node program. */
  executable(name: string, program: string): Promise<string>;
}

/** Makes the directory. Disposing it removes it, and so does the end of the process. */
export async function createScratch(): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), 'bench-'));
  const removeNow = () => rmSync(root, { recursive: true, force: true });
  process.once('exit', removeNow);
  const directory = async (name: string) => {
    const path = join(root, name);
    await mkdir(path, { recursive: true });
    return path;
  };
  return {
    directory,
    async environment(name) {
      return {
        PATH: process.env.PATH ?? '',
        HOME: await directory(join(name, 'home')),
        TMPDIR: await directory(join(name, 'tmp')),
      };
    },
    async executable(name, program) {
      const file = join(root, name);
      await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
      await chmod(file, 0o755);
      return file;
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', removeNow);
      // The last files of a program that has just ended may still be on their way.
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
