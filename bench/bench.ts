import { writeFile } from 'node:fs/promises';
import { figuresOf, misses } from './figures.ts';
import { describeRun } from './header.ts';
import { ownSteps, type Roads, steps } from './measure.ts';
import { type Options, readOptions, usage } from './options.ts';
import { report } from './report.ts';
import { runRounds } from './rounds.ts';
import { Samples } from './samples.ts';
import { createScratch, type Scratch } from './scratch.ts';
import { startServerProcess } from './server.ts';
import { startSimulatorProcess } from './simulator.ts';

/** The whole run takes about three minutes at most: fewer rounds on a slower machine. */
const measuringMs = 140_000;
const ownRounds = 10;
const measuringOwnMs = 40_000;
/** A test may be run on a busy machine. */
const checkMargin = 10;

/** Measures, prints and returns the exit code: 0 unless `--check` finds a target missed by far. */
async function main(options: Options): Promise<number> {
  const header = await describeRun(options);
  const samples = new Samples();
  await using scratch = await createScratch();
  await measure(options, scratch, samples);
  await measureOwn(scratch, samples);
  const figures = figuresOf(samples);
  console.log(report(header, figures));
  if (options.json) await writeFile(options.json, `${JSON.stringify({ header, ...figures, samples }, null, 2)}\n`);
  return options.check && figures.rows.some((row) => misses(row, checkMargin)) ? 1 : 0;
}

async function measure(options: Options, scratch: Scratch, samples: Samples): Promise<void> {
  await using simulator = await startSimulatorProcess(await scratch.environment('simulator'));
  const environment = async (name: string) => ({
    ...(await scratch.environment(name)),
    ANTHROPIC_BASE_URL: simulator.url,
    ANTHROPIC_API_KEY: 'sk-bench',
    // A closed door: what the CLI tells its maker by default does not leave this machine.
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1',
  });
  await using server = await startServerProcess({
    ...(await environment('server')),
    CLIS_WRAPPER_HOME: await scratch.directory('state'),
    CLAUDE_CLI_PATH: options.cli,
    PORT: '0',
  });
  const directory = await scratch.directory('empty');
  const oneShot = { cli: options.cli, directory, environment: await environment('one-shot') };
  const roads: Roads = { server, simulator, oneShot };
  const startedAt = performance.now();
  // Caches fill, and the programs that stay get warm.
  await runRounds(steps(roads, new Samples()), { rounds: 1, name: 'warm-up', endBy: startedAt });
  await runRounds(steps(roads, samples), { rounds: options.rounds, name: 'round', endBy: startedAt + measuringMs });
}

async function measureOwn(scratch: Scratch, samples: Samples): Promise<void> {
  const standIn = new URL('stand-in-claude.ts', import.meta.url).pathname;
  await using server = await startServerProcess({
    ...(await scratch.environment('own')),
    CLIS_WRAPPER_HOME: await scratch.directory('own-state'),
    CLAUDE_CLI_PATH: await scratch.executable('stand-in', standIn),
    PORT: '0',
  });
  const endBy = performance.now() + measuringOwnMs;
  await runRounds(ownSteps(server, new Samples()), { rounds: 1, name: 'warm-up', endBy });
  await runRounds(ownSteps(server, samples), { rounds: ownRounds, name: 'round', endBy });
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
