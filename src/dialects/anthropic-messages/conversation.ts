import { GatewayError } from '../../core/error.ts';
import type { GenerateRequest } from '../../core/request.ts';
import { findPairingFault, type PairingFault } from '../../core/tool-pairing.ts';
import type { LocatedMessage } from './messages.ts';

/**
 * The conversation as the neutral model has it: the system prompt with the system messages that stand before everything
 * else, and at least one message. Throws when a tool call and its result do not match.
 */
export function toConversation(
  prompt: string | undefined,
  located: readonly LocatedMessage[],
): Pick<GenerateRequest, 'system' | 'messages'> {
  const messages = located.map(({ message }) => message);
  const fault = findPairingFault(messages);
  if (fault) throw pairingError(fault, located[fault.message]?.idsAt[fault.call] ?? 'messages');
  const system = prompt === undefined ? [] : [prompt];
  const start = messages.findIndex(({ role }) => role !== 'system');
  const leading = (start < 0 ? messages : messages.slice(0, start)).map(({ content }) =>
    content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n\n'),
  );
  const rest = start < 0 ? [] : messages.slice(start);
  // A model answers a user: where there are only instructions, the last of them is what it is asked.
  if (rest.length === 0) rest.push({ role: 'user', content: [{ type: 'text', text: leading.pop() ?? '' }] });
  system.push(...leading);
  return { ...(system.length > 0 && { system: system.join('\n\n') }), messages: rest };
}

/** In the words of Anthropic's API: some clients look for them, and mend the conversation themselves. */
function pairingError({ kind, id }: PairingFault, param: string): GatewayError {
  return new GatewayError('invalid-request', `${param}: ${pairingFault(kind, id.slice(0, 64))}`, { param });
}

function pairingFault(kind: PairingFault['kind'], id: string): string {
  switch (kind) {
    case 'unanswered':
      return (
        `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${id}. ` +
        'Each `tool_use` block must have a corresponding `tool_result` block in the next message.'
      );
    case 'unasked':
      return (
        `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
        'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.'
      );
    case 'repeated':
      return '`tool_use` ids must be unique.';
  }
}
