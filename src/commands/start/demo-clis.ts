import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedCommands } from '../../providers/registry.ts';
import { CommandError } from '../command-error.ts';
import { isRepository, packageFolder } from '../package.ts';

/** Says which CLIs, in which versions. A package of its own: the CLIs are no dependency of this program. */
const manifestFolder = join(packageFolder, 'test', 'clis');
const manifestFiles = ['package.json', 'package-lock.json'];

interface Manifest {
  size: string;
  dependencies: Record<string, string>;
}

const { size, dependencies } = readManifest<Manifest>(join(manifestFolder, 'package.json'));

/** What installing the demo's CLIs takes, in words. */
export const demoSize: string = size;

/** The CLIs of the demo models: in the repository where the tests have them too, else among the server's state. */
export interface DemoClis {
  folder: string;
  /** The folder of their programs. */
  binaries: string;
}

/** Where the demo's CLIs belong, given the server's state folder. */
export function demoClis({ home }: { home: string }): DemoClis {
  const folder = isRepository ? manifestFolder : join(home, 'clis');
  return { folder, binaries: join(folder, 'node_modules', '.bin') };
}

/** Whether an install has come to its end, and has put there what is wanted today. */
export function isDemoInstalled({ folder, binaries }: DemoClis): boolean {
  const modules = join(folder, 'node_modules');
  // npm's own list, written when all is done.
  if (!existsSync(join(modules, '.package-lock.json'))) return false;
  return (
    Object.values(installedCommands(binaries)).every((program) => existsSync(program)) &&
    Object.entries(dependencies).every(([name, version]) => installedVersion(join(modules, name)) === version)
  );
}

/** Installs the demo's CLIs, with npm's own words on the terminal. Fails with one sentence. */
export async function installDemo(clis: DemoClis): Promise<void> {
  const { folder } = clis;
  console.log(`Installing the CLIs of the demo models (once, ${size}, in ${folder}) …`);
  const failed = (why: string) => new CommandError(`The demo's CLIs could not be installed in ${folder}: ${why}.`);
  try {
    if (folder !== manifestFolder) copyManifest(folder);
    const npm = spawn('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
    const [code] = await once(npm, 'exit');
    if (code === 0 && isDemoInstalled(clis)) return;
  } catch (error) {
    throw failed((error as Error).message);
  }
  throw failed('see npm’s message above');
}

function copyManifest(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const file of manifestFiles) copyFileSync(join(manifestFolder, file), join(folder, file));
}

function installedVersion(folder: string): string | undefined {
  try {
    return readManifest<{ version: string }>(join(folder, 'package.json')).version;
  } catch {
    return undefined;
  }
}

function readManifest<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
