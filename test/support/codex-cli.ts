import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clisFolder } from './claude-cli.ts';

/** The real Codex, pinned for the tests. */
export const codexCli = join(clisFolder, 'node_modules', '.bin', 'codex');

/** Why tests with the real CLI are passed over, or false. In CI they may not be: there it throws. */
export const skipWithoutCodex = skipReason();

function skipReason(): string | false {
  if (existsSync(codexCli)) return false;
  const reason = 'Codex is not installed for the tests: run `npm ci` in test/clis';
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}
