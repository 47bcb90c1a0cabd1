import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findExecutable } from '../../process/executable.ts';
import type { GeminiLogin } from './login.ts';
import { nativeExperiments, nativeSettings } from './native-settings.ts';
import { writeShape } from './session-shape.ts';

/** Directories that the CLI is told of ahead: one that it does not know costs it a search. */
const slots = 256;

/** The private home of one worker. */
export interface GeminiHome {
  directory: string;
  /** Holds the system prompt of all its sessions. */
  systemFile: string;
  /** Where the CLI writes down what the model answered. */
  responsesFile: string;
  /** Settings of the CLI that it has no other place for. */
  experimentsFile: string;
  /** The only programs that the CLI finds. */
  programsDirectory: string;
  /** Where the worker itself runs. */
  workDirectory: string;
}

/** What the hooks of a session run. Others, such as git for each session, cost time and tell of this machine. */
const programs = ['bash', 'cat'];

/**
 * Fills an empty directory with all that a worker needs, and nothing of the user's but the login. `searchPath` is where
 * programs are.
 */
export async function prepareHome(directory: string, login: GeminiLogin, searchPath: string): Promise<GeminiHome> {
  const folder = join(directory, '.gemini');
  const workDirectory = join(directory, 'work');
  const systemFile = join(directory, 'system.md');
  const responsesFile = join(directory, 'responses.jsonl');
  const experimentsFile = join(directory, 'experiments.json');
  const programsDirectory = join(directory, 'bin');
  await mkdir(folder, { mode: 0o700 });
  await mkdir(join(directory, 'tmp'), { mode: 0o700 });
  await mkdir(workDirectory, { mode: 0o700 });
  await mkdir(programsDirectory, { mode: 0o700 });
  const known = Array.from({ length: slots }, (_, index) => [slotDirectory(directory, index + 1), slotName(index + 1)]);
  await Promise.all([
    writeFile(join(folder, 'settings.json'), JSON.stringify(nativeSettings(login.method))),
    writeFile(join(folder, 'projects.json'), JSON.stringify({ projects: Object.fromEntries(known) })),
    writeFile(systemFile, ''),
    writeFile(experimentsFile, JSON.stringify(nativeExperiments)),
    // The CLI takes the first such file on its way up to the root, whoever's it is.
    writeFile(join(workDirectory, '.env'), ''),
    writeFile(responsesFile, '', { mode: 0o600 }),
    writeShape(directory, { web: false, sampling: false, choice: false }),
    ...programs.map((name) => linkProgram(programsDirectory, name, searchPath)),
    // The CLI writes a renewed login through the link.
    ...login.files.map((file) => symlink(file, join(folder, basename(file)))),
  ]);
  return { directory, systemFile, responsesFile, experimentsFile, programsDirectory, workDirectory };
}

/** The directory in which a session of this number runs. */
export function slotDirectory(home: string, number: number): string {
  return join(home, slotName(number));
}

/** Where the CLI writes down what happens in the sessions that run there. */
export function recordsDirectory(home: string, number: number): string {
  return join(home, '.gemini', 'tmp', slotName(number));
}

async function linkProgram(folder: string, name: string, searchPath: string): Promise<void> {
  const program = await findExecutable(name, searchPath);
  if (program !== undefined) await symlink(program, join(folder, name));
}

function slotName(number: number): string {
  return `slot-${number}`;
}
