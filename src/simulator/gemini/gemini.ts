import type { Wire } from '../wire.ts';
import { answerRequest } from './answer-request.ts';
import { errorAnswer } from './error-answer.ts';
import { isGeminiPath } from './parse-route.ts';
import { readPrompt } from './read-prompt.ts';

/** The Gemini API. */
export const gemini: Wire = {
  api: 'gemini',
  serves: isGeminiPath,
  readPrompt,
  answer: answerRequest,
  failure: (_, message) => errorAnswer({ code: 500, message }),
};
