import type { CliDefinition } from '../cli-definition.ts';
import { GeminiProvider } from './gemini.ts';

export const gemini: CliDefinition = {
  id: 'gemini',
  title: 'Gemini CLI',
  ownedBy: 'google',
  program: 'gemini',
  commandVariable: 'GEMINI_CLI_PATH',
  addressVariables: ['GOOGLE_GEMINI_BASE_URL'],
  create: (options) => new GeminiProvider(options),
  scriptedEnvironment: (simulatorUrl) => ({ GOOGLE_GEMINI_BASE_URL: simulatorUrl, GEMINI_API_KEY: 'demo' }),
  // It has no command for it: it asks when it is started in a terminal.
  login: () => ({ arguments: [], environment: {} }),
};
