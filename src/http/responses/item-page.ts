import { z } from 'zod';
import { GatewayError } from '../../core/error.ts';
import { isObject, read } from '../../dialects/read.ts';

const wireQuery = z.object({
  limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().optional(),
});

/** One page of a list of items, newest first unless asked otherwise. Throws `invalid-request`, naming the parameter. */
export function itemPage(items: readonly unknown[], query: unknown): object {
  const { limit, order, after } = read(wireQuery, query, '');
  const ordered = order === 'asc' ? items : items.toReversed();
  const begin = after === undefined ? 0 : ordered.findIndex((item) => idOf(item) === after) + 1;
  if (after !== undefined && begin === 0) {
    throw new GatewayError('invalid-request', `There is no item '${after.slice(0, 100)}' in this list.`, {
      param: 'after',
    });
  }
  const data = ordered.slice(begin, begin + limit);
  return {
    object: 'list',
    data,
    first_id: idOf(data[0]) ?? null,
    last_id: idOf(data.at(-1)) ?? null,
    has_more: begin + limit < ordered.length,
  };
}

function idOf(item: unknown): unknown {
  return isObject(item) ? item.id : undefined;
}
