import { createHash } from 'node:crypto';
import type { AssistantMessage, Message, Part } from '../core/message.ts';
import type { GenerateRequest } from '../core/request.ts';

/** Everything beside the messages that a live session is bound to. */
export interface Binding {
  caller: string;
  provider: string;
  account: string;
  web: boolean;
}

/**
 * One digest for each beginning of the conversation: entry `n` stands for the first `n` messages together with the
 * system prompt, the tools and the binding.
 */
export function digests(binding: Binding, request: GenerateRequest): string[] {
  const { caller, provider, account, web } = binding;
  const all = [hash('', [caller, provider, account, web, request.system ?? '', request.tools])];
  for (const message of request.messages) all.push(extendDigest(all.at(-1) as string, message));
  return all;
}

/** The digest of a conversation with one more message. */
export function extendDigest(digest: string, message: Message): string {
  return hash(digest, normal(message));
}

/** One spelling for each message, so that a client's echo of an answer is known again. */
function normal(message: Message): unknown {
  switch (message.role) {
    case 'assistant':
      return ['assistant', ...normalAnswer(message)];
    case 'tool':
      return ['tool', message.callId, message.isError === true, message.content.map(normalPart)];
    default:
      return [message.role, message.content.map(normalPart)];
  }
}

/** Clients keep the text and the calls of an answer, not always its reasoning, blank ends or order. */
function normalAnswer(message: AssistantMessage): unknown[] {
  const text = message.content.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : ''));
  const calls = message.content.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));
  return [text.join('').trim(), calls.map(({ id, name, arguments: text }) => [id, name, normalJson(text)])];
}

function normalPart(part: Part): unknown {
  return part.type === 'text' ? part.text : part;
}

function normalJson(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text || '{}')));
  } catch {
    return text;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, member]) => [key, sorted(member)]);
}

function hash(previous: string, value: unknown): string {
  return createHash('sha256').update(previous).update(JSON.stringify(value)).digest('base64url');
}
