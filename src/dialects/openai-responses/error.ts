import type { GatewayError } from '../../core/error.ts';
import { errorBody as chatErrorBody, type ErrorBody } from '../openai-chat/error.ts';

/** A failure on the wire. */
export function errorBody(error: GatewayError): ErrorBody {
  const body = chatErrorBody(error);
  // Clients that see this send the whole conversation again.
  if (error.kind === 'not-found' && error.param === 'previous_response_id') {
    body.error.code = 'previous_response_not_found';
  }
  return body;
}
