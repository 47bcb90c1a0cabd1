import type { Wire } from '../wire.ts';
import { answerRequest, PATHS } from './answer-request.ts';
import { errorAnswer } from './error-answer.ts';
import { readPrompt } from './read-prompt.ts';

/** The OpenAI chat completions API, with what DashScope adds to it. */
export const openaiChat: Wire = {
  api: 'openai-chat',
  serves: (path) => PATHS.includes(path),
  readPrompt,
  answer: answerRequest,
  failure: ({ id }, message) => errorAnswer(id, { status: 500, message }),
};
