import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A running process as the system shows it; lists are empty where the system has no `/proc`. */
export interface RunningProcess {
  pid: number;
  arguments: string[];
  environment: Record<string, string>;
}

/**
 * The processes that belong to this directory: those that run in it, whose environment points into it, and those that a
 * server with its state in there has written down as its children. Not the calling process.
 */
export function processesOf(directory: string): RunningProcess[] {
  const found = new Set(recordedChildren(join(directory, 'state')).filter(isAlive));
  for (const pid of existsSync('/proc/self/environ') ? readdirSync('/proc').map(Number) : []) {
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const place = read(() => readlinkSync(`/proc/${pid}/cwd`));
    const environment = read(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    if (place.startsWith(directory) || environment.includes(`=${directory}/`)) found.add(pid);
  }
  return [...found].map(describe);
}

/** Process numbers in the records of the servers with this state folder. */
export function recordedChildren(state: string): number[] {
  const instances = join(state, 'instances');
  return list(instances).flatMap((instance) => list(join(instances, instance, 'children')).map(Number));
}

/** True for a process that runs; one that only waits for its parent to take notice of its end does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return status.slice(status.lastIndexOf(')') + 2)[0] !== 'Z';
}

/** The process that started this one; 0 where that is not known. */
export function parentOf(pid: number): number {
  const status = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function describe(pid: number): RunningProcess {
  const entries = (file: string) =>
    read(() => readFileSync(`/proc/${pid}/${file}`, 'utf8'))
      .split('\0')
      .slice(0, -1);
  const environment = entries('environ').map((entry) => {
    const at = entry.indexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return { pid, arguments: entries('cmdline'), environment: Object.fromEntries(environment) };
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What a process that is just going leaves unreadable reads as nothing. */
function read(reader: () => string): string {
  try {
    return reader();
  } catch {
    return '';
  }
}
