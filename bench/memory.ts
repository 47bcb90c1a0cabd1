import { readdir, readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { chat } from './chat.ts';
import { prompt } from './scenarios.ts';
import type { ServerProcess } from './server.ts';
import type { Subject } from './subject.ts';

/** Conversations that are kept while their memory is measured. */
export const keptConversations = 10;
const settleMs = 1_000;

/** Bytes in memory: shared pages count for each process in `resident`, once in all in `proportional`. */
export interface Memory {
  readonly processes: number;
  readonly resident: number;
  readonly proportional: number;
}

export interface MemoryFigures {
  /** The CLI's processes with all standbys ready, before the first request. */
  readonly idle: Memory;
  /** The same with the conversations kept. */
  readonly busy: Memory;
  /** Our server's own process, at the end. */
  readonly server: Memory;
}

/** Measures a server that has had no request yet. Undefined where the system does not tell. */
export async function measureMemory(server: ServerProcess, { model }: Subject): Promise<MemoryFigures | undefined> {
  if (platform() !== 'linux') return undefined;
  await server.ready({ fresh: false });
  await sleep(settleMs);
  const idle = await memoryBelow(server.pid);
  for (let count = 1; count <= keptConversations; count += 1) {
    await server.ready({ fresh: true });
    const messages = [
      { role: 'system', content: 'You help with a software project.' } as const,
      { role: 'user', content: `${prompt} Conversation ${count}.` } as const,
    ];
    await chat(server.url, { model, messages });
  }
  await server.ready({ fresh: false });
  await sleep(settleMs);
  return { idle, busy: await memoryBelow(server.pid), server: sum([await memoryOf(server.pid)]) };
}

/** Of all processes that this one has started, and those that they have. */
async function memoryBelow(pid: number): Promise<Memory> {
  const parents = await parentsOfAll();
  const found: number[] = [];
  const gather = (parent: number) => {
    for (const [child] of [...parents].filter(([, of]) => of === parent)) {
      found.push(child);
      gather(child);
    }
  };
  gather(pid);
  return sum(await Promise.all(found.map(memoryOf)));
}

async function parentsOfAll(): Promise<Map<number, number>> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = names.map(async (name): Promise<[number, number]> => {
    const status = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The program's name may hold anything; the parent is the second field behind it.
    return [Number(name), Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1])];
  });
  return new Map(await Promise.all(entries));
}

async function memoryOf(pid: number): Promise<Omit<Memory, 'processes'>> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { resident: bytes('Rss'), proportional: bytes('Pss') };
}

function sum(all: readonly Omit<Memory, 'processes'>[]): Memory {
  return {
    processes: all.length,
    resident: all.reduce((total, { resident }) => total + resident, 0),
    proportional: all.reduce((total, { proportional }) => total + proportional, 0),
  };
}
