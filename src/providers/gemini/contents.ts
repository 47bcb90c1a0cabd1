import { GatewayError } from '../../core/error.ts';
import type { AssistantPart, Message, ToolMessage, ToolResultPart, UserPart } from '../../core/message.ts';
import { systemAsUserMessage } from '../../core/system-message.ts';
import { CallIds } from '../call-ids.ts';
import type { ToolNames } from '../tool-names.ts';
import { toolPrefix } from './session-shape.ts';

/** A part of a message as Gemini's API has it. */
export type NativePart =
  | { text: string; thought?: boolean }
  | { inlineData: { mimeType: string; data: string } }
  | { functionCall: { id: string; name: string; args: unknown } }
  | {
      functionResponse: {
        id: string;
        name: string;
        response: { output: string } | { error: string } | Record<string, never>;
        parts?: NativePart[];
      };
    };

export interface NativeContent {
  role: 'user' | 'model';
  parts: NativePart[];
}

/** A message without content is refused by the API. */
const nothing: NativePart = { text: '(no content)' };

/**
 * Messages as Gemini's API holds them: user and model in turn, results before anything else in the message that answers
 * calls, the first and the last message the user's. `opening` stands before everything.
 */
export function toContents(
  messages: readonly Message[],
  names: ToolNames,
  model: string,
  opening: readonly NativePart[] = [],
): NativeContent[] {
  const contents: NativeContent[] = opening.length === 0 ? [] : [{ role: 'user', parts: [...opening] }];
  const writer = new PartWriter(names, model);
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = writer.parts(message);
    if (parts.length === 0 && role === 'model') continue;
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }
  if (contents[0]?.role !== 'user') contents.unshift({ role: 'user', parts: [] });
  if (contents.at(-1)?.role !== 'user') {
    contents.push({ role: 'user', parts: [{ text: 'Go on exactly where your last message stops.' }] });
  }
  for (const content of contents) if (content.parts.length === 0) content.parts.push(nothing);
  return contents;
}

class PartWriter {
  #names: ToolNames;
  #ids = new CallIds();
  #calls = new Map<string, string>();
  /** Whether pictures stand inside the result they belong to; older models want them beside it. */
  #nested: boolean;

  constructor(names: ToolNames, model: string) {
    this.#names = names;
    this.#nested = model.startsWith('gemini-3');
  }

  parts(message: Message): NativePart[] {
    switch (message.role) {
      case 'system':
        return systemAsUserMessage(message).content.flatMap(userPart);
      case 'user':
        return message.content.flatMap(userPart);
      case 'assistant':
        return message.content.flatMap((part) => this.#assistantPart(part));
      case 'tool':
        return this.#result(message);
    }
  }

  #assistantPart(part: AssistantPart): NativePart[] {
    switch (part.type) {
      case 'text':
      case 'refusal':
        return part.text === '' ? [] : [{ text: part.text }];
      case 'reasoning':
        return [];
      case 'tool-call': {
        const id = this.#ids.call(part.call.id);
        const name = toolPrefix + this.#names.native(part.call.name);
        this.#calls.set(id, name);
        return [{ functionCall: { id, name, args: JSON.parse(part.call.arguments || '{}') } }];
      }
    }
  }

  #result(message: ToolMessage): NativePart[] {
    const id = this.#ids.result(message.callId);
    const name = this.#calls.get(id) ?? '';
    const text = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    const media = message.content.filter(({ type }) => type !== 'text').flatMap(userPart);
    const response = message.isError ? { error: text } : { output: text };
    if (media.length === 0 || !this.#nested) return [{ functionResponse: { id, name, response } }, ...media];
    return [{ functionResponse: { id, name, response, parts: media } }];
  }
}

function userPart(part: UserPart | ToolResultPart): NativePart[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image':
      if (part.source.kind === 'url') throw new GatewayError('invalid-image', 'The image was not downloaded.');
      return [{ inlineData: { mimeType: part.source.mediaType, data: part.source.data } }];
    case 'file':
      return [{ inlineData: { mimeType: part.mediaType, data: part.data } }];
    case 'audio':
      return [{ inlineData: { mimeType: `audio/${part.format}`, data: part.data } }];
  }
}
