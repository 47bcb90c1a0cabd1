import { z } from 'zod';
import { byteSizeText, integerText } from '../../settings/readers.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** The environment variables of what is kept of OpenAI's responses. */
export const responseSettings = {
  RESPONSES_STORE: z
    .enum(['sqlite', 'memory', 'off'], 'must be sqlite, memory or off')
    .prefault('sqlite')
    .describe(
      'Where answers of /v1/responses are kept that can be continued by their id: in a file, until the server ends, or not.',
    ),
  RESPONSES_STORE_DAYS: integerText(1, 3650).prefault('30').describe('Days for which such an answer is kept.'),
  RESPONSES_STORE_BYTES: byteSizeText(64 * 1024 ** 3)
    .prefault('1gb')
    .describe('Most that all of them may take, in bytes or like 1gb; the oldest go first.'),
};

export interface ResponseSettings {
  store: 'sqlite' | 'memory' | 'off';
  maxAgeMs: number;
  maxBytes: number;
}

/** The settings from the variables as read. */
export function toResponseSettings(environment: z.output<z.ZodObject<typeof responseSettings>>): ResponseSettings {
  return {
    store: environment.RESPONSES_STORE,
    maxAgeMs: environment.RESPONSES_STORE_DAYS * dayMs,
    maxBytes: environment.RESPONSES_STORE_BYTES,
  };
}
