import type { StoredResponse } from '../../core/stored-response.ts';
import type { Shelf } from './shelf.ts';

/**
 * What a caller can reach over one connection: what it could reach anyway, and what was said over the connection itself,
 * stored or not, as long as it takes no more than `maxBytes` of JSON. The oldest goes first.
 */
export function connectionShelf(shelf: Shelf, maxBytes: number): Shelf {
  const said = new Map<string, { response: StoredResponse; bytes: number }>();
  let total = 0;
  const get = (id: string) => said.get(id)?.response ?? shelf.get(id);
  return {
    keeps: true,
    stores: shelf.stores,
    get,
    conversation(id) {
      const turns: StoredResponse[] = [];
      for (let next: string | undefined = id; next !== undefined; ) {
        const found: StoredResponse | undefined = said.get(next)?.response;
        if (found === undefined) {
          const before = shelf.conversation(next);
          return before && [...before, ...turns];
        }
        turns.unshift(found);
        next = found.previousId;
      }
      return turns;
    },
    keep(response) {
      const bytes = Buffer.byteLength(JSON.stringify([response.input, response.response]));
      said.set(response.id, { response, bytes });
      total += bytes;
      for (const [id, oldest] of said) {
        if (total <= maxBytes) break;
        said.delete(id);
        total -= oldest.bytes;
      }
      shelf.keep(response);
    },
  };
}
