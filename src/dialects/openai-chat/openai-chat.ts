import type { Dialect } from '../dialect.ts';
import { type ChatOptions, decode } from './decode.ts';
import { errorBody } from './error.ts';
import { frames } from './frames.ts';
import { whole } from './whole.ts';

/** OpenAI's chat completions. The paths after the first are where clients with an odd base URL end up. */
export const openaiChat: Dialect<ChatOptions> = {
  name: 'openai-chat',
  paths: [
    '/v1/chat/completions',
    '/chat/completions',
    '/v1/v1/chat/completions',
    '/v1/chat/completions/chat/completions',
  ],
  decode: (body, { limits }) => decode(body, limits),
  frames,
  whole,
  error: errorBody,
  errorFrame: (error) => ({ data: errorBody(error) }),
};
