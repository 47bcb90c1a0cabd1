import type { CliDefinition } from '../cli-definition.ts';
import { CodexProvider } from './codex.ts';
import { lockArguments } from './config.ts';
import { CodexHome, codexHomeFolder } from './home.ts';

export const codex: CliDefinition = {
  id: 'codex',
  title: 'Codex',
  ownedBy: 'openai',
  program: 'codex',
  commandVariable: 'CODEX_CLI_PATH',
  addressVariables: ['CODEX_BASE_URL'],
  create: (options) => new CodexProvider(options),
  scriptedEnvironment: (simulatorUrl) => ({ CODEX_BASE_URL: `${simulatorUrl}/v1`, CODEX_API_KEY: 'demo' }),
  // A login of its own: the one in the user's home would be refreshed by two programs at once.
  async login({ stateHome, account }) {
    const home = new CodexHome(codexHomeFolder(stateHome, account));
    await home.prepare();
    return { arguments: ['login', ...lockArguments], environment: { CODEX_HOME: home.folder } };
  },
};
