import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { NoProviderError } from '../server.ts';
import { CommandError } from './command-error.ts';
import { addDoctor } from './doctor.ts';
import { exitCode, exitCodeHelp } from './exit-code.ts';
import { addLogin } from './login.ts';
import { addModels } from './models.ts';
import { version } from './package.ts';
import { addStart } from './start.ts';

/** Runs one command line, given without the program's name, and sets the exit code of this process. */
export async function run(words: readonly string[]): Promise<void> {
  // Whoever reads our output may leave before it ends, as `head` does.
  process.stdout.on('error', () => {});
  const program = new Command('clis-wrapper')
    .description('Puts the AI command-line tools you are signed in to behind the APIs your clients already speak.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError('Run clis-wrapper --help to see what there is.')
    .addHelpText('after', exitCodeHelp);
  addStart(program);
  addDoctor(program);
  addModels(program);
  addLogin(program);
  try {
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Says what went wrong on standard error, and which exit code that is. */
function explain(error: unknown): number {
  // Commander has already said it.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.good : exitCode.usage;
  if (error instanceof ConfigError) {
    console.error(error.message);
    return exitCode.usage;
  }
  const isKnown = error instanceof CommandError || error instanceof NoProviderError;
  const isOfSystem = error instanceof Error && 'syscall' in error;
  console.error(isKnown || isOfSystem ? error.message : error);
  return exitCode.wrong;
}
