import type { AssistantPart, Message, SystemMessage, ToolResultPart, UserMessage } from '../../core/message.ts';
import type { GenerateRequest } from '../../core/request.ts';
import { findPairingFault, type PairingFault } from '../../core/tool-pairing.ts';
import { invalid, quote } from '../read.ts';

/** A message with the places in the caller's body of the call ids in it. */
interface LocatedMessage {
  message: Message;
  idsAt: string[];
}

/** Makes messages of items: an answer with two calls is three items here, and one message everywhere else. */
export class Conversation {
  readonly #located: LocatedMessage[] = [];
  /** The message that made each call without a result so far. */
  readonly #open = new Map<string, LocatedMessage>();

  add(message: SystemMessage | UserMessage): void {
    this.#located.push({ message, idsAt: [] });
  }

  /** `idAt` is the place of the call's id, where the part is a call. */
  addAnswer(part: AssistantPart, idAt?: string): void {
    let last = this.#located.at(-1);
    if (last?.message.role !== 'assistant') {
      last = { message: { role: 'assistant', content: [] }, idsAt: [] };
      this.#located.push(last);
    }
    (last.message.content as AssistantPart[]).push(part);
    if (part.type !== 'tool-call') return;
    last.idsAt.push(idAt ?? '');
    this.#open.set(part.call.id, last);
  }

  /** A result may come any time after its call; in the conversation it stands right behind the message of its call. */
  addResult(callId: string, content: ToolResultPart[], idAt: string): void {
    const located: LocatedMessage = { message: { role: 'tool', callId, content }, idsAt: [idAt] };
    const caller = this.#open.get(callId);
    this.#open.delete(callId);
    let index = this.#located.length;
    if (caller) {
      index = this.#located.lastIndexOf(caller) + 1;
      while (this.#located[index]?.message.role === 'tool') index += 1;
    }
    this.#located.splice(index, 0, located);
  }

  /**
   * The conversation as the neutral model has it: the leading system messages joined, what says nothing left out, never
   * empty. Throws when a call and its result do not match.
   */
  build(): Pick<GenerateRequest, 'system' | 'messages'> {
    const spoken = this.#located.filter(({ message }) => message.content.length > 0 || message.role === 'tool');
    const messages = spoken.map(({ message }) => message);
    const fault = findPairingFault(messages);
    if (fault) throw pairingError(fault, spoken[fault.message]?.idsAt[fault.call] ?? 'input');
    const start = messages.findIndex(({ role }) => role !== 'system');
    const leading = (start < 0 ? messages : messages.slice(0, start)).map(textOf);
    const rest = start < 0 ? [] : messages.slice(start);
    // A model answers a user: where there are only instructions, the last of them is what it is asked.
    if (rest.length === 0) rest.push({ role: 'user', content: [{ type: 'text', text: leading.pop() ?? '' }] });
    return { ...(leading.length > 0 && { system: leading.join('\n\n') }), messages: rest };
  }
}

function textOf({ content }: Message): string {
  return content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n\n');
}

function pairingError({ kind, id }: PairingFault, param: string): Error {
  switch (kind) {
    case 'unanswered':
      return invalid(param, `is a call without an output: an item with the call_id ${quote(id)} must give it`);
    case 'unasked':
      return invalid(param, 'answers no open call: an output must come after the item that made its call');
    case 'repeated':
      return invalid(param, `repeats the id ${quote(id)}: each call of an answer needs its own`);
  }
}
