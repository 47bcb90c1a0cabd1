import { closeIterator } from './close.ts';

/**
 * Waits until the first value is there, the source has failed or ended, or `holdMs` have passed, whichever is first.
 * A failure within that time is thrown here; otherwise the values come back as an iterable that has lost nothing.
 */
export async function peek<T>(source: AsyncIterable<T>, holdMs: number): Promise<AsyncIterable<T>> {
  const iterator = source[Symbol.asyncIterator]();
  const first = iterator.next();
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, holdMs);
  });
  try {
    await Promise.race([first, elapsed]);
  } finally {
    clearTimeout(timer);
  }
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (let result = await first; !result.done; result = await iterator.next()) yield result.value;
      } finally {
        closeIterator(iterator);
      }
    },
  };
}
