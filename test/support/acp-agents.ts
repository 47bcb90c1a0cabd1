import { existsSync } from 'node:fs';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '..', 'agents', 'node_modules');

/** The real opencode, pinned for the tests: its program of this platform, which needs no install script. */
export const opencodeAgent = join(modules, `opencode-${process.platform}-${process.arch}`, 'bin', 'opencode');

/** The real ACP adapter of Claude Code, pinned for the tests. */
export const claudeAgent = join(modules, '@agentclientprotocol', 'claude-agent-acp', 'dist', 'index.js');

/** Why tests with a real agent are passed over, or false. In CI they may not be: there it throws. */
export function skipWithoutAgent(program: string): string | false {
  if (existsSync(program)) return false;
  const reason = 'the ACP agents are not installed for the tests: run `npm ci` in test/agents';
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}
