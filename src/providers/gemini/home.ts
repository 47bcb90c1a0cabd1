import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { GeminiLogin } from './login.ts';
import { nativeSettings } from './native-settings.ts';
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
  /** Where the worker itself runs. */
  workDirectory: string;
}

/** Fills an empty directory with all that a worker needs, and nothing of the user's but the login. */
export async function prepareHome(directory: string, login: GeminiLogin): Promise<GeminiHome> {
  const folder = join(directory, '.gemini');
  const workDirectory = join(directory, 'work');
  const systemFile = join(directory, 'system.md');
  const responsesFile = join(directory, 'responses.jsonl');
  await mkdir(folder, { mode: 0o700 });
  await mkdir(join(directory, 'tmp'), { mode: 0o700 });
  await mkdir(workDirectory, { mode: 0o700 });
  const known = Array.from({ length: slots }, (_, index) => [slotDirectory(directory, index + 1), slotName(index + 1)]);
  await Promise.all([
    writeFile(join(folder, 'settings.json'), JSON.stringify(nativeSettings(login.method))),
    writeFile(join(folder, 'projects.json'), JSON.stringify({ projects: Object.fromEntries(known) })),
    writeFile(systemFile, ''),
    // The CLI takes the first such file on its way up to the root, whoever's it is.
    writeFile(join(workDirectory, '.env'), ''),
    writeFile(responsesFile, '', { mode: 0o600 }),
    writeShape(directory, { web: false, sampling: false, choice: false }),
    // The CLI writes a renewed login through the link.
    ...login.files.map((file) => symlink(file, join(folder, basename(file)))),
  ]);
  return { directory, systemFile, responsesFile, workDirectory };
}

/** The directory in which a session of this number runs. */
export function slotDirectory(home: string, number: number): string {
  return join(home, slotName(number));
}

/** Where the CLI keeps the conversations of the sessions that run there. */
export function chatsDirectory(home: string, number: number): string {
  return join(home, '.gemini', 'tmp', slotName(number), 'chats');
}

function slotName(number: number): string {
  return `slot-${number}`;
}
