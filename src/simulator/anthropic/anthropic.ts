import type { Wire } from '../wire.ts';
import { answerRequest } from './answer-request.ts';
import { errorAnswer } from './error-answer.ts';
import { readPrompt } from './read-prompt.ts';

/** The Anthropic Messages API. */
export const anthropic: Wire = {
  api: 'anthropic',
  serves: (path) => path.startsWith('/v1/messages'),
  readPrompt,
  answer: answerRequest,
  failure: ({ id }, message) => errorAnswer(id, { status: 500, message }),
};
