import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

export interface Options {
  readonly rounds: number;
  /** Where the samples and the figures are written as JSON. */
  readonly json: string | undefined;
  /** Fail where a target is missed by more than a tenfold margin. */
  readonly check: boolean;
  /** Path of the `claude` to measure. */
  readonly cli: string;
}

export const usage = `node bench/bench.ts [--rounds N] [--json FILE] [--check] [--cli PATH]

  --rounds N   rounds to measure, 1 to 1000 (15)
  --json FILE  also write every sample and figure to this file
  --check      fail where a target is missed by more than ten times
  --cli PATH   the Claude Code to measure (the one the tests have installed)`;

/** Reads the command line. Undefined when help is asked for; throws an Error that says what cannot be read. */
export function readOptions(argv: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string', default: '15' },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
      cli: { type: 'string', default: installedCli() },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000) {
    throw new Error(`--rounds takes a whole number from 1 to 1000, not "${values.rounds}".`);
  }
  if (!existsSync(values.cli)) {
    throw new Error(`There is no Claude Code at ${values.cli}: run \`npm ci\` in test/clis, or name one with --cli.`);
  }
  return { rounds, json: values.json, check: values.check, cli: values.cli };
}

function installedCli(): string {
  return new URL('../test/clis/node_modules/.bin/claude', import.meta.url).pathname;
}
