import type { SocketAnswer } from '../conversation.ts';
import { type ApiError, errorObject } from './api-error.ts';

/** An error as the one message of an answer, with the status and the headers that HTTP would have given it. */
export function errorMessage(error: ApiError, headers?: Readonly<Record<string, string>>): SocketAnswer {
  const { status } = error;
  const message = { type: 'error', status, error: errorObject(error), ...(headers && { headers }) };
  return { actions: [JSON.stringify(message)] };
}
