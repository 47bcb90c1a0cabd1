import type { Dialect } from '../dialect.ts';
import { decode, decodeTokenCount } from './decode.ts';
import { errorBody, errorFrame } from './error.ts';
import { frames } from './frames.ts';
import { describeModel, listModels } from './models.ts';
import type { MessageOptions } from './options.ts';
import { whole } from './whole.ts';

// The paths after the first are where clients with an odd base URL end up.
const paths = ['/v1/messages', '/messages', '/v1/v1/messages', '/v1/messages/v1/messages'];

/** Anthropic's messages. */
export const anthropicMessages = {
  name: 'anthropic-messages',
  paths,
  decode,
  frames,
  whole,
  error: errorBody,
  errorFrame,
  keepAlive: { event: 'ping', data: { type: 'ping' } },
  tokenCount: {
    paths: paths.map((path) => `${path}/count_tokens`),
    decode: decodeTokenCount,
    whole: (inputTokens: number) => ({ input_tokens: inputTokens }),
  },
  modelHeader: 'anthropic-version',
  listModels,
  describeModel,
} satisfies Dialect<MessageOptions>;
