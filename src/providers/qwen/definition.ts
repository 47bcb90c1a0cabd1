import type { CliDefinition } from '../cli-definition.ts';
import { QwenProvider } from './qwen.ts';

export const qwen: CliDefinition = {
  id: 'qwen',
  title: 'Qwen Code',
  ownedBy: 'qwen',
  program: 'qwen',
  commandVariable: 'QWEN_CLI_PATH',
  addressVariables: ['OPENAI_BASE_URL'],
  create: (options) => new QwenProvider(options),
  scriptedEnvironment: (simulatorUrl) => ({
    OPENAI_BASE_URL: `${simulatorUrl}/v1`,
    OPENAI_API_KEY: 'demo',
    OPENAI_MODEL: 'qwen3-coder-plus',
  }),
  // It has no command for it: it asks when it is started in a terminal.
  login: () => ({ arguments: [], environment: {} }),
};
