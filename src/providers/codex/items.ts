import { GatewayError } from '../../core/error.ts';
import type { AssistantMessage, Message, ToolMessage, ToolResultPart, UserPart } from '../../core/message.ts';
import { CallIds } from '../call-ids.ts';
import { resultInWords } from '../failed-result.ts';
import type { ToolNames } from '../tool-names.ts';
import type { ResponseContent, ResponseItem, ToolAnswer } from './wire.ts';

/** Whose encrypted reasoning this provider's models accept back. */
export const origin = 'openai';

const goOn = 'Go on exactly where your last message stops.';

/** Messages as items of the Responses API, in their order and roles. The last one is never the model's own. */
export function toItems(messages: readonly Message[], names: ToolNames): ResponseItem[] {
  const ids = new CallIds();
  const items = messages.flatMap((message) => messageItems(message, names, ids));
  if (messages.at(-1)?.role === 'assistant') items.push(textItem('user', goOn));
  return items;
}

/** A message of one text. Codex drops the role `system`: `developer` is the same to the model. */
export function textItem(role: 'developer' | 'user', text: string): ResponseItem {
  return { type: 'message', role, content: [{ type: 'input_text', text }] };
}

/** A tool's result as the answer to a call that Codex waits for. */
export function toToolAnswer(message: ToolMessage): ToolAnswer {
  const contentItems = inputContent(resultInWords(message)).map((part) =>
    part.type === 'input_image'
      ? { type: 'inputImage' as const, imageUrl: part.image_url }
      : { type: 'inputText' as const, text: part.text },
  );
  return { contentItems, success: message.isError !== true };
}

function messageItems(message: Message, names: ToolNames, ids: CallIds): ResponseItem[] {
  switch (message.role) {
    case 'system':
      return message.content.map((part) => textItem('developer', part.text));
    case 'user':
      return [{ type: 'message', role: 'user', content: inputContent(message.content) }];
    case 'assistant':
      return assistantItems(message, names, ids);
    case 'tool': {
      const content = inputContent(resultInWords(message));
      const [only, ...more] = content;
      const output = only?.type === 'input_text' && more.length === 0 ? only.text : content;
      return [{ type: 'function_call_output', call_id: ids.result(message.callId), output }];
    }
  }
}

function inputContent(parts: readonly (UserPart | ToolResultPart)[]): ResponseContent[] {
  const content = parts.map(inputPart);
  // An item without content is refused.
  return content.length > 0 ? content : [{ type: 'input_text', text: '' }];
}

function inputPart(part: UserPart | ToolResultPart): ResponseContent {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      if (part.source.kind === 'url') throw new GatewayError('invalid-image', 'The image was not downloaded.');
      return { type: 'input_image', image_url: `data:${part.source.mediaType};base64,${part.source.data}` };
    case 'file':
    case 'audio':
      throw new GatewayError('invalid-request', `Codex takes no ${part.type} content.`);
  }
}

function assistantItems(message: AssistantMessage, names: ToolNames, ids: CallIds): ResponseItem[] {
  const items: ResponseItem[] = [];
  for (const part of message.content) {
    if (part.type === 'tool-call') {
      const { id, name, arguments: text } = part.call;
      items.push({ type: 'function_call', call_id: ids.call(id), name: names.native(name), arguments: text || '{}' });
    } else if (part.type === 'reasoning') {
      if (part.origin !== origin || part.encrypted === undefined) continue;
      const summary = part.text === '' ? [] : [{ type: 'summary_text' as const, text: part.text }];
      items.push({ type: 'reasoning', summary, encrypted_content: part.encrypted });
    } else if (part.text !== '') {
      items.push({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: part.text }] });
    }
  }
  return items;
}
