import { closeIterator } from './close.ts';

export const quiet: unique symbol = Symbol('quiet');

/** Passes the values on and yields `quiet` each time that `intervalMs` have gone by without one. */
export async function* withQuiet<T>(source: AsyncIterable<T>, intervalMs: number): AsyncGenerator<T | typeof quiet> {
  const iterator = source[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<T>> | undefined;
  try {
    for (;;) {
      pending ??= iterator.next();
      const result = await quietAfter(pending, intervalMs);
      if (result === quiet) {
        yield quiet;
        continue;
      }
      pending = undefined;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    closeIterator(iterator);
  }
}

async function quietAfter<T>(pending: Promise<T>, intervalMs: number): Promise<T | typeof quiet> {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<typeof quiet>((resolve) => {
    timer = setTimeout(resolve, intervalMs, quiet);
  });
  try {
    return await Promise.race([pending, elapsed]);
  } finally {
    clearTimeout(timer);
  }
}
