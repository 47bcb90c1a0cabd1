import { access, constants, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';

/**
 * The file that a command name means on this search path, or that a path names. Folders inside `node_modules` are passed
 * over: what a project installed for itself is not the user's own CLI.
 */
export async function findExecutable(command: string, searchPath: string): Promise<string | undefined> {
  if (isAbsolute(command) || command.includes(sep)) {
    const file = resolve(command);
    return (await isExecutable(file)) ? file : undefined;
  }
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '' || folder.split(sep).includes('node_modules')) continue;
    const file = join(folder, command);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

/** Changes whenever the program behind the file does: a new version put in its place, a link turned elsewhere. */
export async function executableIdentity(file: string): Promise<string> {
  const target = await realpath(file);
  const { ino, size, mtimeMs } = await stat(target);
  return `${target}:${ino}:${size}:${mtimeMs}`;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
