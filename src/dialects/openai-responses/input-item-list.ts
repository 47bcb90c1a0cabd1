import { isObject } from '../read.ts';

type Item = Record<string, unknown>;

/**
 * The `input` of a body as items that can be kept and listed: each has a type and an id, and content in parts. What is no
 * item stays away: the decoder refuses it.
 */
export function toInputItems(input: unknown, answerId: string): Item[] {
  return itemsOf(input).map((item, index) => {
    const type = item.type ?? (item.role === undefined ? 'item_reference' : 'message');
    const made = `${type === 'message' ? 'msg' : 'item'}_${answerId}_i${index}`;
    const id = typeof item.id === 'string' && item.id !== '' ? item.id : made;
    if (type !== 'message') return { ...item, type, id };
    return { status: 'completed', ...item, type, id, content: inParts(item.content, item.role) };
  });
}

/** The user's messages of an `input`. */
export function userMessages(input: unknown): Item[] {
  return itemsOf(input).filter(({ role }) => role === 'user');
}

/** The items of an `input`, as they are. */
export function itemsOf(input: unknown): Item[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  return Array.isArray(input) ? input.filter(isObject) : [];
}

function inParts(content: unknown, role: unknown): unknown {
  if (typeof content !== 'string') return content;
  return [
    role === 'assistant'
      ? { type: 'output_text', text: content, annotations: [], logprobs: [] }
      : { type: 'input_text', text: content },
  ];
}
