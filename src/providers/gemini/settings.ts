import { z } from 'zod';
import { secretText, switchText, webAddressText } from '../../settings/readers.ts';

/** The environment variables of Gemini CLI: its path is ours to read, the others are handed on to it as they are. */
export const geminiSettings = {
  GEMINI_CLI_PATH: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .prefault('gemini')
    .describe('The Gemini CLI program: a name on PATH or a path.'),
  GEMINI_API_KEY: secretText
    .optional()
    .describe(
      "API key for Gemini CLI. It takes precedence over a Google login, whose terms forbid other software's use.",
    ),
  GOOGLE_GEMINI_BASE_URL: webAddressText
    .optional()
    .describe('Where Gemini CLI finds its model API, when not at Google.'),
  GOOGLE_GENAI_USE_VERTEXAI: switchText
    .optional()
    .describe(
      '1 or true: Gemini CLI uses Google Vertex AI with GOOGLE_API_KEY, or with GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION.',
    ),
};
