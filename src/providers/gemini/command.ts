import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How Gemini CLI is started. */
export interface GeminiCommand {
  executable: string;
  /** What comes before the CLI's own arguments. */
  arguments: readonly string[];
  version: string | undefined;
}

interface Manifest {
  name?: string;
  version?: string;
  engines?: { node?: string };
}

/**
 * The program behind the command. Where that is the package's own script, our Node runs it, if it is new enough: what
 * stands in between would start the CLI a second time, and swallow its signals. Node collects garbage late where there
 * is much memory: told to do it sooner, it takes 90 MB less after some hundred sessions, and no longer.
 */
export async function resolveCommand(executable: string): Promise<GeminiCommand> {
  const script = await realpath(executable);
  const manifest = await findManifest(dirname(script));
  const runs = script.endsWith('.js') && manifest !== undefined && isNewEnough(manifest.engines?.node);
  return {
    executable: runs ? process.execPath : executable,
    arguments: runs ? ['--max-semi-space-size=8', script] : [],
    version: manifest?.version,
  };
}

async function findManifest(folder: string): Promise<Manifest | undefined> {
  for (const place of [folder, dirname(folder)]) {
    try {
      const manifest = JSON.parse(await readFile(join(place, 'package.json'), 'utf8')) as Manifest;
      if (manifest.name === '@google/gemini-cli') return manifest;
    } catch {
      // Not every folder has one.
    }
  }
  return undefined;
}

function isNewEnough(engines: string | undefined): boolean {
  const [, least = '0'] = /(\d+)/.exec(engines ?? '') ?? [];
  return Number.parseInt(process.versions.node, 10) >= Number(least);
}
