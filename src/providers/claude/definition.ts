import type { CliDefinition } from '../cli-definition.ts';
import { ClaudeProvider } from './claude.ts';

export const claude: CliDefinition = {
  id: 'claude',
  title: 'Claude Code',
  ownedBy: 'anthropic',
  program: 'claude',
  commandVariable: 'CLAUDE_CLI_PATH',
  addressVariables: ['ANTHROPIC_BASE_URL'],
  create: (options) => new ClaudeProvider(options),
  scriptedEnvironment: (simulatorUrl) => ({ ANTHROPIC_BASE_URL: simulatorUrl, ANTHROPIC_API_KEY: 'demo' }),
  // It signs in where its owner does: the CLI's usual home.
  login: () => ({ arguments: ['auth', 'login'], environment: {} }),
};
