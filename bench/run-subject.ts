import { cliOf, onlyCli, programOf } from './cli.ts';
import { ownSteps, type Roads, steps } from './measure.ts';
import { keptConversations, type MemoryFigures, measureMemory } from './memory.ts';
import { type OneShot, prepareOneShot } from './one-shot.ts';
import { runRounds } from './rounds.ts';
import { Samples } from './samples.ts';
import type { Scratch } from './scratch.ts';
import { startServerProcess } from './server.ts';
import { startSimulatorProcess } from './simulator.ts';
import type { Subject } from './subject.ts';

const ownRounds = 10;
/** The stand-in for the CLI of each subject that has one. */
const standIns: Readonly<Record<string, string>> = { claude: 'stand-in-claude.ts' };
/** Of a subject's time, where it has a stand-in. */
const ownShare = 0.2;
/** Of the same time, for starting the programs and for the memory. */
const otherShare = 0.1;

export interface Measured {
  readonly oneShots: readonly OneShot[];
  readonly samples: Samples;
  readonly memory: MemoryFigures | undefined;
}

/** Measures the subject with programs of its own. `milliseconds` bounds it all, but one round is always run. */
export async function runSubject(
  subject: Subject,
  options: { scratch: Scratch; rounds: number; milliseconds: number },
): Promise<Measured> {
  const { scratch, rounds, milliseconds } = options;
  const samples = new Samples();
  const standIn = standIns[subject.id];
  const ownMs = standIn === undefined ? 0 : milliseconds * ownShare;
  await using simulator = await startSimulatorProcess(await scratch.environment('simulator'));
  const program = programOf(subject.cli);
  const environment = async (name: string) => ({
    ...(await scratch.environment(`${subject.id}-${name}`)),
    ...cliOf(subject.cli).scriptedEnvironment(simulator.url),
    // A closed door: what the CLI tells its maker by default does not leave this machine.
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1',
  });
  const startServer = async (name: string, settings: Record<string, string>) =>
    startServerProcess(subject.cli, {
      ...(await environment(name)),
      ...onlyCli(subject.cli, program),
      ...subject.settings,
      ...settings,
      CLIS_WRAPPER_HOME: await scratch.directory(`${subject.id}-${name}-state`),
      PORT: '0',
    });
  const oneShots = await Promise.all(
    (await subject.oneShots(program)).map(async (shot) => {
      const own = await environment(shot.id);
      await prepareOneShot(shot, own.HOME, simulator.url);
      const directory = await scratch.directory('empty');
      return { shot, place: { home: own.HOME, directory, environment: own } };
    }),
  );
  {
    await using server = await startServer('server', {});
    const roads: Roads = { subject, server, simulator, oneShots };
    const startedAt = performance.now();
    // Caches fill, and the programs that stay get warm.
    const name = `${subject.id} warm-up`;
    await runRounds(steps(roads, new Samples()), { rounds: 1, name, endBy: startedAt });
    const endBy = startedAt + milliseconds * (1 - otherShare) - ownMs;
    await runRounds(steps(roads, samples), { rounds, name: `${subject.id} round`, endBy });
  }
  if (standIn !== undefined) await measureOwn(subject, standIn, { scratch, samples, milliseconds: ownMs });
  await using server = await startServer('memory', { LIVE_SESSIONS: String(keptConversations) });
  return { oneShots: oneShots.map(({ shot }) => shot), samples, memory: await measureMemory(server, subject) };
}

async function measureOwn(
  subject: Subject,
  standIn: string,
  { scratch, samples, milliseconds }: { scratch: Scratch; samples: Samples; milliseconds: number },
): Promise<void> {
  const program = await scratch.executable('stand-in', new URL(standIn, import.meta.url).pathname);
  await using server = await startServerProcess(subject.cli, {
    ...(await scratch.environment('own')),
    ...onlyCli(subject.cli, program),
    CLIS_WRAPPER_HOME: await scratch.directory('own-state'),
    PORT: '0',
  });
  const endBy = performance.now() + milliseconds;
  await runRounds(ownSteps(subject, server, new Samples()), { rounds: 1, name: 'warm-up', endBy });
  await runRounds(ownSteps(subject, server, samples), { rounds: ownRounds, name: 'round', endBy });
}
