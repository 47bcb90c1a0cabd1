import { access, mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { QwenLogin } from './login.ts';
import { nativeSettings } from './native-settings.ts';

/** Where a worker keeps what is its own. */
export interface QwenFolders {
  /** Stands for the user's whole home. */
  home: string;
  settings: string;
  runtime: string;
  temporary: string;
  /** The file with the system prompt of the session that is being made. */
  systemFile: string;
}

/** Fills an empty directory with all that a worker needs, and nothing of the user's but the login. */
export async function prepareFolders(directory: string, login: QwenLogin): Promise<QwenFolders> {
  const folders = {
    home: join(directory, 'home'),
    settings: join(directory, 'settings'),
    runtime: join(directory, 'runtime'),
    temporary: join(directory, 'tmp'),
    systemFile: join(directory, 'system.md'),
  };
  const { home, settings, runtime, temporary } = folders;
  await Promise.all([home, settings, runtime, temporary].map((folder) => mkdir(folder, { mode: 0o700 })));
  await Promise.all([
    writeFile(join(settings, 'settings.json'), JSON.stringify(nativeSettings(login)), { mode: 0o600 }),
    writeFile(folders.systemFile, '', { mode: 0o600 }),
    hideRepository(directory),
    // The CLI writes a renewed login through the link.
    ...login.files.map((file) => symlink(file, join(settings, basename(file)))),
  ]);
  return folders;
}

/**
 * Where the temporary folder lies in somebody's repository, the CLI would tell the model of its rules and its changes. A
 * repository that is none ends its search; it asks git about it, so there is none where none is needed.
 */
async function hideRepository(directory: string): Promise<void> {
  for (let folder = directory; folder !== dirname(folder); folder = dirname(folder)) {
    if (!(await isThere(join(folder, '.git')))) continue;
    await writeFile(join(directory, '.git'), 'gitdir: nowhere\n');
    return;
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
