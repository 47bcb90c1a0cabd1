import { execFile } from 'node:child_process';
import { cpus, loadavg, platform, release } from 'node:os';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { programOf, versionOf } from './cli.ts';
import type { OneShot } from './one-shot.ts';
import { prompt } from './scenarios.ts';
import type { Subject } from './subject.ts';

/** What a figure must never be quoted without. */
export interface Header {
  readonly conditions: 'scripted model API, not a live account';
  readonly commit: string;
  /** Of each CLI that is measured, with its name. */
  readonly versions: readonly string[];
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  /** Of the last minute, the last five and the last fifteen, when the run began. */
  readonly load: readonly number[];
  readonly date: string;
  readonly command: string;
  /** Each one-shot yardstick as one would type it. */
  readonly commands: readonly { readonly subject: string; readonly title: string; readonly command: string }[];
}

/** Rejects when a CLI is not there or does not tell its version. */
export async function describeRun(subjects: readonly Subject[]): Promise<Header> {
  const names = [...new Set(subjects.map(({ cli }) => cli))];
  const versions = await Promise.all(names.map(versionOf));
  const commands = await Promise.all(
    subjects.map(async (subject) => {
      const shots = await subject.oneShots(programOf(subject.cli));
      return shots.map((shot) => {
        const title = shot.note === undefined ? shot.title : `${shot.title} (${shot.note})`;
        return { subject: subject.title, title, command: spell(shot) };
      });
    }),
  );
  const commit = (await printed('git', 'rev-parse', '--short', 'HEAD')) ?? 'unknown';
  const changes = await printed('git', 'status', '--porcelain', '--', '../src');
  const [processor] = cpus();
  return {
    conditions: 'scripted model API, not a live account',
    commit: changes ? `${commit} with changes` : commit,
    versions,
    node: process.version,
    system: `${platform()} ${release()}`,
    processor: `${cpus().length} x ${processor?.model.trim()}`,
    load: loadavg().map((value) => Number(value.toFixed(2))),
    date: new Date().toISOString(),
    command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
    commands: commands.flat(),
  };
}

function spell(shot: OneShot): string {
  const settings = Object.entries(shot.environment ?? {}).map(([name, value]) => `${name}=${value}`);
  const words = shot.arguments(prompt).map((word) => quoted(word.startsWith('/') ? basename(word) : word));
  return [...settings, basename(shot.program), ...words].join(' ');
}

function quoted(argument: string): string {
  return /[^\w.=,/-]/.test(argument) ? `'${argument}'` : argument;
}

async function printed(program: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { cwd: import.meta.dirname });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
