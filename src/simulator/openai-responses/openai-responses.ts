import type { Wire } from '../wire.ts';
import { answerRequest } from './answer-request.ts';
import { errorAnswer } from './error-answer.ts';
import { isSignedIn } from './is-signed-in.ts';
import { openConversation } from './open-conversation.ts';
import { readPrompt } from './read-prompt.ts';
import { ownFailure } from './validate/problems.ts';

/** The OpenAI Responses API, over HTTP and over WebSockets. */
export const openaiResponses: Wire = {
  api: 'openai-responses',
  serves: (path) => path.startsWith('/v1/responses') || path === '/v1/models',
  readPrompt,
  answer: answerRequest,
  converse: ({ path, headers }, newId) =>
    path === '/v1/responses' && isSignedIn(headers) ? openConversation(newId) : undefined,
  failure: ({ id }, message) => errorAnswer(id, ownFailure(message)),
};
