import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A way of calling a CLI once per request. */
export interface OneShot {
  readonly id: 'default' | 'streaming' | 'leanest';
  readonly title: string;
  /** What its command does not show. */
  readonly note?: string;
  /** Path of what is started. */
  readonly program: string;
  readonly arguments: (prompt: string) => readonly string[];
  /** Part of the command as it is printed; `~/` stands for its home. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What its configuration says before it is first started: texts by their path in its home. */
  readonly files?: (simulatorUrl: string) => Readonly<Record<string, string>>;
  /** Whether the output so far holds text of the answer. */
  readonly isAnswer: (output: string) => boolean;
}

/** For commands that print nothing but the answer. */
export function hasText(output: string): boolean {
  return output.trim() !== '';
}

/** Where a command runs, and what it finds there. */
export interface OneShotPlace {
  readonly home: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Puts the command's configuration in its home. */
export async function prepareOneShot({ files }: OneShot, home: string, simulatorUrl: string): Promise<void> {
  for (const [path, text] of Object.entries(files?.(simulatorUrl) ?? {})) {
    const file = join(home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Milliseconds from starting the CLI to the first text of its answer on standard output. */
export async function runOneShot(shot: OneShot, place: OneShotPlace, prompt: string): Promise<number> {
  const own = Object.entries(shot.environment ?? {}).map(([name, value]) => [name, value.replace(/^~/, place.home)]);
  const startedAt = performance.now();
  const child = spawn(shot.program, shot.arguments(prompt), {
    cwd: place.directory,
    env: { ...place.environment, ...Object.fromEntries(own) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  });
  let output = '';
  let errors = '';
  let first: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const at = performance.now();
    output += text;
    if (first === undefined && shot.isAnswer(output)) first = at - startedAt;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || first === undefined) {
    throw new Error(`${shot.title} ended with code ${code}: ${(errors || output).slice(0, 500)}`);
  }
  return first;
}

const longestMs = 60_000;
