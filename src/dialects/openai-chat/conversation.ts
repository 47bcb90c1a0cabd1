import type { GatewayError } from '../../core/error.ts';
import type { Message } from '../../core/message.ts';
import type { GenerateRequest } from '../../core/request.ts';
import { findPairingFault, type PairingFault } from '../../core/tool-pairing.ts';
import { invalid, quote } from '../read.ts';
import type { LocatedMessage } from './messages.ts';

/**
 * The messages of a body as the neutral model has them: the leading system messages joined, what says nothing left out,
 * never empty. Throws when a tool call and its result do not match.
 */
export function toConversation(located: readonly LocatedMessage[]): Pick<GenerateRequest, 'system' | 'messages'> {
  const spoken = located.filter(({ message }) => message.content.length > 0 || message.role === 'tool');
  const fault = findPairingFault(spoken.map(({ message }) => message));
  if (fault) throw pairingError(fault, spoken[fault.message]?.idsAt[fault.call] ?? 'messages');
  const messages = spoken.map(({ message }) => message);
  const start = messages.findIndex(({ role }) => role !== 'system');
  const leading = (start < 0 ? messages : messages.slice(0, start)).map(textOf);
  const rest = start < 0 ? [] : messages.slice(start);
  // A model answers a user: where there are only instructions, the last of them is what it is asked.
  if (rest.length === 0) rest.push({ role: 'user', content: [{ type: 'text', text: leading.pop() ?? '' }] });
  return { ...(leading.length > 0 && { system: leading.join('\n\n') }), messages: rest };
}

function textOf({ content }: Message): string {
  return content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n\n');
}

function pairingError({ kind, id }: PairingFault, param: string): GatewayError {
  switch (kind) {
    case 'unanswered':
      return invalid(
        param,
        `is a tool call without a result: a tool message must answer ${quote(id)} before the next turn`,
      );
    case 'unasked':
      return invalid(
        param,
        'answers no open tool call: a tool message must follow the assistant message that made its call',
      );
    case 'repeated':
      return invalid(param, `repeats the id ${quote(id)}: each tool call of a message needs its own`);
  }
}
