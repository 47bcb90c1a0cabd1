import { execFile } from 'node:child_process';
import { cpus, loadavg, platform, release } from 'node:os';
import { promisify } from 'node:util';
import { oneShotArguments, oneShots } from './one-shot.ts';
import type { Options } from './options.ts';
import { model, prompt } from './scenarios.ts';

/** What a figure must never be quoted without. */
export interface Header {
  readonly conditions: 'scripted model API, not a live account';
  readonly commit: string;
  readonly cli: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  /** Of the last minute, the last five and the last fifteen, when the run began. */
  readonly load: readonly number[];
  readonly date: string;
  readonly command: string;
  /** Of each one-shot yardstick, as one would type it. */
  readonly commands: Readonly<Record<string, string>>;
}

/** Rejects when the CLI does not tell its version. */
export async function describeRun({ cli }: Options): Promise<Header> {
  const version = await printed(cli, '--version');
  if (!version) throw new Error(`${cli} does not start.`);
  const commit = (await printed('git', 'rev-parse', '--short', 'HEAD')) ?? 'unknown';
  const changes = await printed('git', 'status', '--porcelain', '--', '../src');
  const [processor] = cpus();
  return {
    conditions: 'scripted model API, not a live account',
    commit: changes ? `${commit} with changes` : commit,
    cli: version,
    node: process.version,
    system: `${platform()} ${release()}`,
    processor: `${cpus().length} x ${processor?.model.trim()}`,
    load: loadavg().map((value) => Number(value.toFixed(2))),
    date: new Date().toISOString(),
    command: ['node bench/bench.ts', ...process.argv.slice(2)].join(' '),
    commands: Object.fromEntries(oneShots.map((shot) => [shot.title, spell(shot)])),
  };
}

function spell(shot: (typeof oneShots)[number]): string {
  const settings = Object.entries(shot.environment ?? {}).map(([name, value]) => `${name}=${value}`);
  return [...settings, 'claude', ...oneShotArguments(shot, { model, prompt }).map(quoted)].join(' ');
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
