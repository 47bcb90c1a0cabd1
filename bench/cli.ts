import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { CliDefinition } from '../src/providers/cli-definition.ts';
import { clis } from '../src/providers/registry.ts';

/** The CLI of this id. Throws an Error when there is none. */
export function cliOf(id: string): CliDefinition {
  const cli = clis.find((one) => one.id === id);
  if (cli === undefined) throw new Error(`There is no CLI ${id}.`);
  return cli;
}

/** Path of the CLI that the tests have installed. */
export function programOf(id: string): string {
  return new URL(`../test/clis/node_modules/.bin/${cliOf(id).program}`, import.meta.url).pathname;
}

/** Variables that leave our server no CLI but this one. */
export function onlyCli(id: string, program: string): Record<string, string> {
  return Object.fromEntries(
    clis.map((cli) => [cli.commandVariable, cli.id === id ? program : `/not-measured/${cli.program}`]),
  );
}

/** What the CLI says of its version. Rejects when it is not there or does not say. */
export async function versionOf(id: string): Promise<string> {
  const { title } = cliOf(id);
  const program = programOf(id);
  await access(program).catch(() => {
    throw new Error(`There is no ${title} at ${program}: run \`npm ci\` in test/clis.`);
  });
  const { stdout } = await promisify(execFile)(program, ['--version']);
  return `${title} ${/\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout.trim()}`;
}
