import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Stands for the start of a process that runs where nobody can say since when. */
export const unknownStart = 'unknown';

/**
 * When the process with this number was started, as a word that only that process has; undefined when there is none,
 * `unknownStart` where the system does not tell. A number alone does not name a process: the system gives it away again.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  // Zero and below mean groups of processes.
  if (!(pid > 0) || !runs(pid)) return undefined;
  const start = process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid);
  if (start === 'ended') return undefined;
  // It may have left while it was looked at.
  return start ?? (runs(pid) ? unknownStart : undefined);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function fromProc(pid: number): Promise<string | undefined> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything: count from the last bracket.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

async function fromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
