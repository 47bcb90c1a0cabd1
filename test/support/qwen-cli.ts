import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clisFolder } from './claude-cli.ts';

/** The real Qwen Code, pinned for the tests. */
export const qwenCli = join(clisFolder, 'node_modules', '.bin', 'qwen');

/** Why tests with the real CLI are passed over, or false. In CI they may not be: there it throws. */
export const skipWithoutQwen = skipReason();

function skipReason(): string | false {
  if (existsSync(qwenCli)) return false;
  const reason = 'Qwen Code is not installed for the tests: run `npm ci` in test/clis';
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}
