import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import type { AssistantMessage } from '../../core/message.ts';
import type { Frame } from '../../stream/sse.ts';
import type { ResponseObject } from './response-object.ts';
import { sealReasoningPart } from './sealed-text.ts';

const lastEvents: readonly unknown[] = ['response.completed', 'response.incomplete', 'response.failed'];

/** The response that a stream ends with; undefined for every frame but its last. */
export function finalResponse({ event, data }: Frame): ResponseObject | undefined {
  return lastEvents.includes(event) ? (data as { response: ResponseObject }).response : undefined;
}

/**
 * A finished response as it is kept: its reasoning items can be sent back, whatever its caller asked to see. `message` is
 * the same answer.
 */
export function storedResponse(response: ResponseObject, message: AssistantMessage): ResponseObject {
  const reasoning = message.content.filter((part) => part.type === 'reasoning');
  const output = response.output.map((item): ResponseOutputItem => {
    if (item.type !== 'reasoning') return item;
    const part = reasoning.shift();
    return part === undefined ? item : { ...item, encrypted_content: sealReasoningPart(part) };
  });
  return { ...response, output };
}

/** A stored response as it is shown to a caller who asks for it with this `include`. */
export function shownResponse(response: ResponseObject, include: readonly string[]): ResponseObject {
  if (include.includes('reasoning.encrypted_content')) return response;
  const output = response.output.map((item): ResponseOutputItem => {
    if (item.type !== 'reasoning') return item;
    const { encrypted_content: _, ...shown } = item;
    return shown;
  });
  return { ...response, output };
}
