import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Node's own recursive way never ends where a file system answers
 * that a folder's parent does not exist although it does, as `/proc` answers.
 */
export async function makeFolders(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let path = folder; !(await made(path)); path = dirname(path)) {
    missing.unshift(path);
    if (path === dirname(path)) break;
  }
  // The last of them has been made by now.
  for (const path of missing) await mkdir(path, { mode: 0o700 }).catch(unlessThere);
}

/** Whether the folder is there now; false where one above it is missing. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    unlessThere(error as NodeJS.ErrnoException);
    return true;
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
