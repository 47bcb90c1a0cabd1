import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { Argument, type Command } from 'commander';
import { findExecutable } from '../process/executable.ts';
import type { CliDefinition } from '../providers/cli-definition.ts';
import { clis } from '../providers/registry.ts';
import { CommandError } from './command-error.ts';
import { currentConfig } from './environment.ts';
import { exitCodeHelp } from './exit-code.ts';

/** `clis-wrapper login <cli>`. */
export function addLogin(program: Command): void {
  program
    .command('login')
    .description("run a CLI's own login, in the home that this server uses for it")
    .addArgument(new Argument('<cli>', 'which CLI').choices(clis.map(({ id }) => id)))
    .argument('[options...]', "more for the CLI's own login, after --")
    .addHelpText('after', exitCodeHelp)
    .action(async (id: string, more: string[]) => {
      const cli = clis.find((candidate) => candidate.id === id);
      if (cli !== undefined) process.exitCode = await login(cli, more);
    });
}

/** Gives the terminal to the CLI until it leaves, and returns its exit code. */
async function login(cli: CliDefinition, more: readonly string[]): Promise<number> {
  const { commands, environment, home: stateHome } = currentConfig();
  const command = commands[cli.id] ?? cli.program;
  const executable = await findExecutable(command, environment.PATH ?? '');
  if (executable === undefined) {
    throw new CommandError(`${cli.title} was not found: install it, or set ${cli.commandVariable}.`);
  }
  const { arguments: words, environment: own } = await cli.login({ stateHome, account: 'default' });
  const child = spawn(executable, [...words, ...more], { stdio: 'inherit', env: { ...process.env, ...own } });
  // The terminal sends Ctrl-C to the CLI as well: it decides what that means.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
  } finally {
    process.off('SIGINT', ignore);
  }
}
