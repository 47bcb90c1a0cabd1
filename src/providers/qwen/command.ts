import { access, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How Qwen Code is started. */
export interface QwenCommand {
  executable: string;
  /** What comes before the CLI's own arguments. */
  arguments: readonly string[];
  version: string | undefined;
}

/**
 * The package's own script gives the first: the CLI's memory watch wants to collect garbage itself. The others keep it
 * from taking all that the machine has before it does.
 */
const nodeFlags = ['--expose-gc', '--max-old-space-size=1024', '--max-semi-space-size=8'];

interface Manifest {
  name?: string;
  version?: string;
  engines?: { node?: string };
}

/**
 * The program behind the command. Where that is the package's own script, our Node runs what stands behind it, if it is
 * new enough: the script would start the CLI a second time, and swallow its signals.
 */
export async function resolveCommand(executable: string): Promise<QwenCommand> {
  const folder = dirname(await realpath(executable));
  const manifest = await readManifest(join(folder, 'package.json'));
  const script = join(folder, 'cli.js');
  const runs = manifest !== undefined && isNewEnough(manifest.engines?.node) && (await isThere(script));
  return {
    executable: runs ? process.execPath : executable,
    arguments: runs ? [...nodeFlags, script] : [],
    version: manifest?.version,
  };
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    return manifest.name === '@qwen-code/qwen-code' ? manifest : undefined;
  } catch {
    return undefined;
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function isNewEnough(engines: string | undefined): boolean {
  const [, least = '0'] = /(\d+)/.exec(engines ?? '') ?? [];
  return Number.parseInt(process.versions.node, 10) >= Number(least);
}
