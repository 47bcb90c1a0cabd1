import type { Answer } from '../answer.ts';
import { type ApiError, errorObject } from './api-error.ts';

/** An HTTP error with OpenAI's body. */
export function errorAnswer(requestId: string, error: ApiError): Answer {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    actions: [JSON.stringify({ error: errorObject(error) })],
  };
}
