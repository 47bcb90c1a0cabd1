import { writeFile } from 'node:fs/promises';
import { drawing } from './drawing.ts';
import { figuresOf, misses, type SubjectFigures } from './figures.ts';
import { describeRun } from './header.ts';
import { type Options, readOptions, usage } from './options.ts';
import { report } from './report.ts';
import { runSubject } from './run-subject.ts';
import { createScratch } from './scratch.ts';

/** A test may be run on a busy machine. */
const checkMargin = 10;

/** Measures, prints and returns the exit code: 0 unless `--check` finds a target missed by far. */
async function main(options: Options): Promise<number> {
  const { subjects, rounds } = options;
  const header = await describeRun(subjects);
  const endBy = performance.now() + options.seconds * 1_000;
  const figures: SubjectFigures[] = [];
  const samples: Record<string, unknown> = {};
  await using scratch = await createScratch();
  for (const [index, subject] of subjects.entries()) {
    // What one leaves is the others'.
    const shares = subjects.slice(index).reduce((sum, { share }) => sum + share, 0);
    const milliseconds = Math.max(0, endBy - performance.now()) * (subject.share / shares);
    const measured = await runSubject(subject, { scratch, rounds, milliseconds });
    figures.push(figuresOf(subject, measured));
    samples[subject.id] = measured.samples;
  }
  console.log(report(header, figures));
  if (options.json) await writeFile(options.json, `${JSON.stringify({ header, figures, samples }, null, 2)}\n`);
  if (options.svg) await writeFile(options.svg, drawing(header, figures));
  const rows = figures.flatMap((subject) => subject.rows);
  return options.check && rows.some((row) => misses(row, checkMargin)) ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  const options = readOptions(process.argv.slice(2));
  if (options) process.exitCode = await main(options);
  else console.log(usage);
} catch (error) {
  console.error(`Could not measure: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
