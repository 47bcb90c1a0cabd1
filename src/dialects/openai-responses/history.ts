import { isObject } from '../read.ts';
import { itemsOf } from './input-item-list.ts';
import { responseIdOfItem } from './item-id.ts';

type Body = Record<string, unknown>;

/** A stored answer: what its request added to the conversation, and the response object. */
export interface StoredTurn {
  input: readonly unknown[];
  response: Readonly<Record<string, unknown>>;
}

/** How many items of an expanded body's input were not sent with it. */
const historyLength = Symbol('history length');

/** The response that a body goes on from. */
export function previousResponseId(body: unknown): string | undefined {
  const id = isObject(body) ? body.previous_response_id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The responses whose items a body refers to by their ids. */
export function referencedResponseIds(body: unknown): string[] {
  const ids = inputOf(body).flatMap((item) => {
    const id = referenceOf(item);
    return id === undefined ? [] : (responseIdOfItem(id) ?? []);
  });
  return [...new Set(ids)];
}

/** The body with the items of stored answers in the place of references to them. References to others stay. */
export function resolveReferences(body: unknown, turns: readonly StoredTurn[]): unknown {
  if (!isObject(body) || !Array.isArray(body.input)) return body;
  const known = new Map(turns.flatMap(itemsOfTurn).map((item) => [item.id, item]));
  return { ...body, input: body.input.map((item) => known.get(referenceOf(item)) ?? item) };
}

/** The body as if its caller had sent the conversation before it too, oldest answer first. */
export function withHistory(body: unknown, turns: readonly StoredTurn[]): unknown {
  if (!isObject(body)) return body;
  const all = turns.flatMap(itemsOfTurn).filter(({ type }) => type !== 'compaction_trigger');
  const compaction = all.findLastIndex(({ type }) => type === 'compaction');
  const history = all.filter((item, index) => index >= compaction || outlivesCompaction(item));
  const own = typeof body.input === 'string' ? itemsOf(body.input) : (body.input ?? []);
  if (!Array.isArray(own)) return body;
  return { ...body, input: [...history, ...own], [historyLength]: history.length };
}

/** Where the items of a body's input stand in what its caller sent. */
export function inputPlaces(body: Body & { [historyLength]?: number }): (index: number) => string {
  const before = body[historyLength] ?? 0;
  return (index) => (index < before ? 'previous_response_id' : `input[${index - before}]`);
}

/** A compaction stands for what the model did before it, not for what it was told. */
function outlivesCompaction({ type, role }: Body): boolean {
  return type === 'additional_tools' || (role !== undefined && role !== 'assistant');
}

function itemsOfTurn({ input, response }: StoredTurn): Body[] {
  return [...itemsOf(input), ...itemsOf(response.output)];
}

function inputOf(body: unknown): Body[] {
  return isObject(body) ? itemsOf(body.input) : [];
}

function referenceOf(item: unknown): string | undefined {
  if (!isObject(item) || typeof item.id !== 'string') return undefined;
  const isReference = item.type === 'item_reference' || ((item.type ?? null) === null && item.role === undefined);
  return isReference ? item.id : undefined;
}
