import { closeIterator } from './close.ts';

/** Interleaves several sources as their values come, each value with its source's index. The first failure is thrown. */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<[index: number, value: T]> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const next = (index: number) => (iterators[index] as AsyncIterator<T>).next().then((result) => ({ index, result }));
  const pending = new Map(iterators.map((_, index) => [index, next(index)]));
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values());
      if (result.done) {
        pending.delete(index);
        continue;
      }
      // Put last: a source that is always ready must not keep the others waiting.
      pending.delete(index);
      pending.set(index, next(index));
      yield [index, result.value];
    }
  } finally {
    for (const promise of pending.values()) promise.catch(() => {});
    for (const iterator of iterators) closeIterator(iterator);
  }
}
