import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedCommands } from '../../providers/registry.ts';
import { CommandError } from '../command-error.ts';
import { packageFolder } from '../package.ts';

/** A package of its own, with its own lockfile: the CLIs are no dependency of this program. */
const folder = join(packageFolder, 'test', 'clis');

/** The folder of the demo CLIs' programs. */
export const demoBinaries = join(folder, 'node_modules', '.bin');

export function isDemoInstalled(): boolean {
  return Object.values(installedCommands(demoBinaries)).every((program) => existsSync(program));
}

/** Installs the demo's CLIs, with npm's own words on the terminal. Fails with one sentence. */
export async function installDemo(): Promise<void> {
  console.log(`Installing the CLIs of the demo models (once, about 370 MB, in ${folder}) …`);
  const npm = spawn('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  const [code] = await once(npm, 'exit');
  // npm has said why.
  if (code !== 0 || !isDemoInstalled()) throw new CommandError(`The demo's CLIs could not be installed in ${folder}.`);
}
