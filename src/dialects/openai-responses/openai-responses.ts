import type { Dialect } from '../dialect.ts';
import { wholeCompaction } from './compacted-response.ts';
import { decode, decodeCompact, decodeTokenCount } from './decode.ts';
import { errorBody } from './error.ts';
import { errorFrame, failureFrames, frames } from './frames.ts';
import type { CompactOptions, ResponsesOptions } from './options.ts';
import { whole } from './whole.ts';

// The paths after the first are where clients with an odd base URL end up.
const paths = ['/v1/responses', '/responses', '/v1/v1/responses', '/v1/responses/responses'] as const;

const failures = {
  error: errorBody,
  errorFrame: (error) => errorFrame(error),
  failureFrames,
} satisfies Partial<Dialect<ResponsesOptions>>;

/** Counting the tokens of what would be asked. */
export const tokenCount = {
  paths: paths.map((path) => `${path}/input_tokens`),
  decode: decodeTokenCount,
  whole: (inputTokens) => ({ object: 'response.input_tokens', input_tokens: inputTokens }),
} satisfies Dialect['tokenCount'];

/** OpenAI's responses. */
export const openaiResponses: Dialect<ResponsesOptions> = {
  name: 'openai-responses',
  paths,
  decode,
  frames,
  whole,
  ...failures,
  tokenCount,
};

/** The same API's way to make a long conversation short. Its answers come whole. */
export const openaiCompaction: Dialect<CompactOptions> = {
  name: 'openai-compaction',
  paths: paths.map((path) => `${path}/compact`),
  decode: decodeCompact,
  frames,
  whole: wholeCompaction,
  ...failures,
};
