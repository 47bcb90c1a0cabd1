import type { Message } from './message.ts';

/** A tool call without its result, a result without its call, or two calls of one message under one id. */
export interface PairingFault {
  kind: 'unanswered' | 'unasked' | 'repeated';
  id: string;
  /** Index of the message at fault. */
  message: number;
  /** In an assistant message: which of its calls, counted from 0. In a tool message: 0. */
  call: number;
}

/**
 * The first place where the conversation breaks the rule that each tool call is answered once, after the message that
 * makes it and before the next user or assistant message.
 */
export function findPairingFault(messages: readonly Message[]): PairingFault | undefined {
  let caller = 0;
  const open = new Map<string, number>();
  const unanswered = (): PairingFault | undefined => {
    for (const [id, call] of open) return { kind: 'unanswered', id, message: caller, call };
    return undefined;
  };
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(message.callId)) return { kind: 'unasked', id: message.callId, message: index, call: 0 };
      continue;
    }
    if (message.role === 'system') continue;
    if (open.size > 0) return unanswered();
    if (message.role !== 'assistant') continue;
    caller = index;
    let call = 0;
    for (const part of message.content) {
      if (part.type !== 'tool-call') continue;
      const { id } = part.call;
      if (open.has(id)) return { kind: 'repeated', id, message: index, call };
      open.set(id, call);
      call += 1;
    }
  }
  return unanswered();
}
