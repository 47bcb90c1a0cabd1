import { parseArgs } from 'node:util';
import type { Subject } from './subject.ts';
import { subjects } from './subjects/subjects.ts';

export interface Options {
  readonly subjects: readonly Subject[];
  /** The most rounds of each subject. */
  readonly rounds: number;
  /** How long all subjects together may take, about. */
  readonly seconds: number;
  /** Where the samples and the figures are written as JSON. */
  readonly json: string | undefined;
  /** Where the picture is written. */
  readonly svg: string | undefined;
  /** Fail where a target is missed by more than a tenfold margin. */
  readonly check: boolean;
}

const known = [...new Set(subjects.map(({ cli }) => cli))];

export const usage = `npm run bench -- [--cli NAMES] [--rounds N] [--seconds N] [--json FILE] [--svg FILE] [--check]

  --cli NAMES  the CLIs to measure, with commas between: ${known.join(', ')} (all)
  --rounds N   rounds of each at the most, 1 to 1000 (15)
  --seconds N  how long it may all take, about, 10 to 36000 (360)
  --json FILE  also write every sample and figure to this file
  --svg FILE   also draw the ratios into this file
  --check      fail where a target is missed by more than ten times`;

/** Reads the command line. Undefined when help is asked for; throws an Error that says what cannot be read. */
export function readOptions(argv: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cli: { type: 'string', default: known.join(',') },
      rounds: { type: 'string', default: '15' },
      seconds: { type: 'string', default: '360' },
      json: { type: 'string' },
      svg: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    subjects: chosen(values.cli),
    rounds: wholeNumber('--rounds', values.rounds, 1, 1_000),
    seconds: wholeNumber('--seconds', values.seconds, 10, 36_000),
    json: values.json,
    svg: values.svg,
    check: values.check,
  };
}

function chosen(names: string): Subject[] {
  const asked = names.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--cli knows ${known.join(', ')}, not "${unknown}".`);
  return subjects.filter(({ cli }) => asked.includes(cli));
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} takes a whole number from ${least} to ${most}, not "${text}".`);
}
