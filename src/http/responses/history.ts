import { GatewayError } from '../../core/error.ts';
import {
  previousResponseId,
  referencedResponseIds,
  resolveReferences,
  withHistory,
} from '../../dialects/openai-responses/history.ts';
import { isUnderway } from './interrupted.ts';
import type { Shelf } from './shelf.ts';

export interface ResolvedBody {
  /** With the conversation before it. */
  whole: unknown;
  /** With what it says itself alone: references have become the items that they mean. */
  own: unknown;
}

/**
 * A body with what it refers to. Throws `not-found` for a response that is not kept, or not for this caller, and
 * `invalid-request` for one that cannot be continued.
 */
export function resolveHistory(body: unknown, shelf: Shelf): ResolvedBody {
  const referenced = referencedResponseIds(body).flatMap((id) => shelf.get(id) ?? []);
  const own = referenced.length > 0 ? resolveReferences(body, referenced) : body;
  const id = previousResponseId(body);
  return { own, whole: id === undefined ? own : withHistory(own, conversation(id, shelf)) };
}

function conversation(id: string, shelf: Shelf) {
  const param = 'previous_response_id';
  if (!shelf.keeps) {
    const message = `'${param}' needs stored responses, which are switched off here: send the conversation as 'input'.`;
    throw new GatewayError('invalid-request', message, { param });
  }
  const turns = shelf.conversation(id);
  if (turns === undefined) {
    throw new GatewayError('not-found', `The previous response '${id.slice(0, 100)}' is not kept here.`, { param });
  }
  if (turns.some(isUnderway)) {
    throw new GatewayError('invalid-request', `The previous response '${id}' is still being made.`, { param });
  }
  return turns;
}
