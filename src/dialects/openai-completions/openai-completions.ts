import type { Dialect } from '../dialect.ts';
import { errorBody } from '../openai-chat/error.ts';
import { type CompletionOptions, decode } from './decode.ts';
import { frames } from './frames.ts';
import { whole } from './whole.ts';

/** OpenAI's text completions, which came before its chat. The paths after the first are those of odd base URLs. */
export const openaiCompletions: Dialect<CompletionOptions> = {
  name: 'openai-completions',
  paths: ['/v1/completions', '/completions', '/v1/v1/completions', '/v1/completions/completions'],
  decode: (body) => decode(body),
  frames,
  whole,
  error: errorBody,
  errorFrame: (error) => ({ data: errorBody(error) }),
};
