import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clisFolder } from './claude-cli.ts';

/** The real Gemini CLI, pinned for the tests. */
export const geminiCli = join(clisFolder, 'node_modules', '.bin', 'gemini');

/** Why tests with the real CLI are passed over, or false. In CI they may not be: there it throws. */
export const skipWithoutGemini = skipReason();

function skipReason(): string | false {
  if (existsSync(geminiCli)) return false;
  const reason = 'Gemini CLI is not installed for the tests: run `npm ci` in test/clis';
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}
