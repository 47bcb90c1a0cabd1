import { z } from 'zod';
import { secretText, webAddressText } from '../../settings/readers.ts';

/** The environment variables of Qwen Code: its path is ours to read, the others are handed on to it as they are. */
export const qwenSettings = {
  QWEN_CLI_PATH: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .prefault('qwen')
    .describe('The Qwen Code program: a name on PATH or a path.'),
  QWEN_HOME: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .optional()
    .describe('Where Qwen Code keeps its settings, whose login is used. Unset: .qwen in your home directory.'),
  OPENAI_API_KEY: secretText
    .optional()
    .describe('API key for Qwen Code, with OPENAI_BASE_URL and OPENAI_MODEL, where its own settings choose no login.'),
  OPENAI_BASE_URL: webAddressText
    .optional()
    .describe('Where Qwen Code finds its model API (chat completions), up to and with /v1.'),
  OPENAI_MODEL: z.string().optional().describe('The model that Qwen Code starts with.'),
  DASHSCOPE_API_KEY: secretText
    .optional()
    .describe('API key of Alibaba Cloud Model Studio, where the settings of Qwen Code name it for a model.'),
};
