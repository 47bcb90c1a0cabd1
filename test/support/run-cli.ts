import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { PrivateHome } from './private-home.ts';

const program = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');

/** Runs `clis-wrapper` to its end on a private home, without a terminal. */
export async function runCli(
  home: PrivateHome,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: home.directory,
    env: { ...home.environment, CLAUDE_CLI_PATH: join(home.directory, 'no-such-cli'), PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, output, errors };
}
