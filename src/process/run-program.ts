import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  /** The whole environment: nothing is inherited. */
  environment: Record<string, string>;
  signal: AbortSignal;
  timeoutMs: number;
  /** The output ends with what the program wrote to standard error; dropped otherwise. */
  withErrors?: boolean;
}

/**
 * Runs a program that answers and ends, with no input, in a process group of its own. When this settles the program is
 * gone with all that it started: an abort and the time limit kill it. Fails when it cannot be started.
 */
export async function runProgram(
  executable: string,
  words: readonly string[],
  { environment, signal, timeoutMs, withErrors = false }: RunOptions,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(executable, words, {
    env: environment,
    stdio: ['ignore', 'pipe', withErrors ? 'pipe' : 'ignore'],
    detached: true,
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is already gone.
    }
  };
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  ended.addEventListener('abort', kill, { once: true });
  if (ended.aborted) kill();
  // What it has started must not keep its output open.
  child.once('exit', kill);
  try {
    const streams = [child.stdout, child.stderr].map((stream) => (stream === null ? '' : text(stream)));
    const [[code], ...texts] = await Promise.all([once(child, 'close'), ...streams]);
    return { code, output: texts.join('') };
  } finally {
    ended.removeEventListener('abort', kill);
  }
}
