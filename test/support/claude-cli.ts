import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the CLIs for tests are installed: the folder that holds their `node_modules`. */
export const clisFolder = join(import.meta.dirname, '..', 'clis');

/** The real Claude Code, pinned for the tests. */
export const claudeCli = join(clisFolder, 'node_modules', '.bin', 'claude');

/** Why tests with the real CLI are passed over, or false. In CI they may not be: there it throws. */
export const skipWithoutClaude = skipReason();

function skipReason(): string | false {
  if (existsSync(claudeCli)) return false;
  const reason = 'Claude Code is not installed for the tests: run `npm ci` in test/clis';
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}
