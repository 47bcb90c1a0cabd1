import { GatewayError } from '../../core/error.ts';
import type { AssistantPart, Message, ToolResultPart, UserPart } from '../../core/message.ts';
import { systemAsUserMessage } from '../../core/system-message.ts';
import { CallIds } from '../call-ids.ts';
import type { ToolNames } from '../tool-names.ts';
import type { NativeBlock, NativeMessage } from './wire.ts';

/** Whose reasoning signatures this provider's models accept back. */
export const origin = 'anthropic';

/** A message without content is refused by the API and by the CLI. */
const nothing: NativeBlock = { type: 'text', text: '(no content)' };

/**
 * Messages as Anthropic's API holds them: user and assistant in turn, tool results inside user messages, first and last
 * message the user's.
 */
export function toNativeMessages(messages: readonly Message[], names: ToolNames): NativeMessage[] {
  const native: NativeMessage[] = [];
  const ids = new CallIds();
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = toBlocks(message, names, ids);
    if (content.length === 0 && role === 'assistant') continue;
    const last = native.at(-1);
    if (last?.role === role) last.content.push(...content);
    else native.push({ role, content });
  }
  if (native[0]?.role !== 'user') native.unshift({ role: 'user', content: [] });
  if (native.at(-1)?.role !== 'user') {
    native.push({ role: 'user', content: [{ type: 'text', text: 'Go on exactly where your last message stops.' }] });
  }
  for (const message of native) if (message.role === 'user') tidy(message);
  return native;
}

/** Results must come before anything else in the message that answers the calls. */
function tidy(message: NativeMessage): void {
  const results = message.content.filter((block) => block.type === 'tool_result');
  const others = message.content.filter((block) => block.type !== 'tool_result');
  message.content = [...results, ...others];
  if (message.content.length === 0) message.content.push(nothing);
}

function toBlocks(message: Message, names: ToolNames, ids: CallIds): NativeBlock[] {
  switch (message.role) {
    case 'system':
      return userBlocks(systemAsUserMessage(message).content);
    case 'user':
      return userBlocks(message.content);
    case 'assistant':
      return message.content.flatMap((part) => assistantBlocks(part, names, ids));
    case 'tool':
      return [
        {
          type: 'tool_result',
          tool_use_id: ids.result(message.callId),
          content: userBlocks(message.content),
          ...(message.isError && { is_error: true }),
        },
      ];
  }
}

function userBlocks(parts: readonly (UserPart | ToolResultPart)[]): NativeBlock[] {
  return parts.flatMap(userBlock);
}

function userBlock(part: UserPart | ToolResultPart): NativeBlock[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
      if (part.source.kind === 'url') throw new GatewayError('invalid-image', 'The image was not downloaded.');
      return [{ type: 'image', source: { type: 'base64', media_type: part.source.mediaType, data: part.source.data } }];
    case 'file': {
      const source = { type: 'base64' as const, media_type: part.mediaType, data: part.data };
      return [{ type: 'document', source, ...(part.name !== undefined && { title: part.name }) }];
    }
    case 'audio':
      throw new GatewayError('invalid-request', 'Claude Code takes no audio.');
  }
}

function assistantBlocks(part: AssistantPart, names: ToolNames, ids: CallIds): NativeBlock[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning':
      if (part.origin !== origin) return [];
      if (part.encrypted !== undefined) return [{ type: 'redacted_thinking', data: part.encrypted }];
      return part.signature === undefined ? [] : [{ type: 'thinking', thinking: part.text, signature: part.signature }];
    case 'tool-call':
      return [
        {
          type: 'tool_use',
          id: ids.call(part.call.id),
          name: names.native(part.call.name),
          input: JSON.parse(part.call.arguments || '{}'),
        },
      ];
  }
}
