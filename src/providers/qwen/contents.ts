import { GatewayError } from '../../core/error.ts';
import type { AssistantPart, Message, ToolMessage, ToolResultPart, UserPart } from '../../core/message.ts';
import { systemAsUserMessage } from '../../core/system-message.ts';
import { CallIds } from '../call-ids.ts';
import { resultInWords } from '../failed-result.ts';
import type { ToolNames } from '../tool-names.ts';
import { toolPrefix } from './native-settings.ts';

/** Whose reasoning it is that the CLI wrote down. */
export const origin = 'qwen';

/** A part of a message as the CLI keeps it. */
export type NativePart =
  | { text: string; thought?: true }
  | { inlineData: { mimeType: string; data: string; displayName?: string } }
  | { functionCall: { id: string; name: string; args: unknown } }
  | { functionResponse: { id: string; name: string; response: { output: string }; parts?: NativePart[] } };

export interface NativeContent {
  kind: 'user' | 'assistant' | 'tool_result';
  parts: NativePart[];
}

/** A message without content is refused by the API. */
const nothing: NativePart = { text: '(no content)' };

/**
 * Messages as the CLI holds them. Answers that follow each other are one, as they are for the model API; the last
 * message is never an answer.
 */
export function toContents(messages: readonly Message[], names: ToolNames): NativeContent[] {
  const contents: NativeContent[] = [];
  const writer = new PartWriter(names);
  for (const message of messages) {
    const content = writer.content(message);
    if (content.parts.length === 0) {
      if (content.kind === 'assistant') continue;
      content.parts.push(nothing);
    }
    const last = contents.at(-1);
    // They would be glued together.
    if (content.kind === 'assistant' && last?.kind === 'assistant') last.parts.push({ text: '\n\n' }, ...content.parts);
    else contents.push(content);
  }
  if (contents.at(-1)?.kind === 'assistant') {
    contents.push({ kind: 'user', parts: [{ text: 'Go on exactly where your last message stops.' }] });
  }
  return contents;
}

/** The text of a tool's result, as the model is to read it. */
export function resultText(message: ToolMessage): string {
  return resultInWords(message)
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n');
}

class PartWriter {
  #names: ToolNames;
  #ids = new CallIds();
  #calls = new Map<string, string>();

  constructor(names: ToolNames) {
    this.#names = names;
  }

  content(message: Message): NativeContent {
    switch (message.role) {
      case 'system':
        return { kind: 'user', parts: systemAsUserMessage(message).content.flatMap(userPart) };
      case 'user':
        return { kind: 'user', parts: message.content.flatMap(userPart) };
      case 'assistant':
        return { kind: 'assistant', parts: message.content.flatMap((part) => this.#assistantPart(part)) };
      case 'tool':
        return { kind: 'tool_result', parts: [this.#result(message)] };
    }
  }

  #assistantPart(part: AssistantPart): NativePart[] {
    switch (part.type) {
      case 'text':
      case 'refusal':
        return part.text === '' ? [] : [{ text: part.text }];
      case 'reasoning':
        return part.origin === origin && part.text !== '' ? [{ text: part.text, thought: true }] : [];
      case 'tool-call': {
        const id = this.#ids.call(part.call.id);
        const name = toolPrefix + this.#names.native(part.call.name);
        this.#calls.set(id, name);
        return [{ functionCall: { id, name, args: JSON.parse(part.call.arguments || '{}') } }];
      }
    }
  }

  #result(message: ToolMessage): NativePart {
    const id = this.#ids.result(message.callId);
    const media = message.content.filter(({ type }) => type !== 'text').flatMap(userPart);
    return {
      functionResponse: {
        id,
        name: this.#calls.get(id) ?? '',
        response: { output: resultText(message) },
        ...(media.length > 0 && { parts: media }),
      },
    };
  }
}

function userPart(part: UserPart | ToolResultPart): NativePart[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image':
      if (part.source.kind === 'url') throw new GatewayError('invalid-image', 'The image was not downloaded.');
      return [{ inlineData: { mimeType: part.source.mediaType, data: part.source.data } }];
    case 'file': {
      const { mediaType: mimeType, data, name } = part;
      return [{ inlineData: { mimeType, data, ...(name !== undefined && { displayName: name }) } }];
    }
    case 'audio':
      return [{ inlineData: { mimeType: `audio/${part.format}`, data: part.data } }];
  }
}
