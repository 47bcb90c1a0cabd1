import { hash } from 'node:crypto';
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
  const all = [digest('', [caller, provider, account, web, request.system ?? '', request.tools])];
  for (const message of request.messages) all.push(extendDigest(all.at(-1) as string, message));
  return all;
}

/** The digest of a conversation with one more message. */
export function extendDigest(previous: string, message: Message): string {
  return digest(previous, normal(message));
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

/** Megabytes of base64 are digested as they are: writing them as JSON first would take longer than the rest. */
function normalPart(part: Part): unknown {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      if (part.source.kind === 'url') return part;
      return { ...part, source: { ...part.source, data: sha256(part.source.data) } };
    case 'file':
    case 'audio':
      return { ...part, data: sha256(part.data) };
    default:
      return part;
  }
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

function digest(previous: string, value: unknown): string {
  return sha256(previous + JSON.stringify(value));
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
