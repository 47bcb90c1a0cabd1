import type { Dialect } from '../dialect.ts';
import { decode, type GeminiOptions } from './decode.ts';
import { errorBody } from './error.ts';
import { frames } from './frames.ts';
import { describeModel, listModels } from './models.ts';
import { whole } from './whole.ts';

/** Google's Gemini API. Model and verb are the end of the path: `/v1beta/models/gemini-2.5-pro:generateContent`. */
export const gemini = {
  name: 'gemini',
  paths: ['/v1beta/models/*', '/v1/models/*'],
  decode,
  frames,
  framing: ({ framing }) => framing,
  whole,
  error: errorBody,
  errorFrame: (error) => ({ data: errorBody(error) }),
  // Whether tokens are to be counted is told by the verb.
  tokenCount: { whole: (totalTokens: number) => ({ totalTokens }) },
  modelPaths: ['/v1beta/models'],
  modelHeader: 'x-goog-api-client',
  listModels,
  describeModel,
} satisfies Dialect<GeminiOptions>;
