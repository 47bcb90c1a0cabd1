import { closeIterator } from './close.ts';

type Outcome<T> = { index: number; result: IteratorResult<T> } | { error: unknown };

/**
 * Interleaves several sources as their values come, each value with its source's index. The first failure is thrown. A
 * source is asked for its next value when the reader comes back for more.
 */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<[index: number, value: T]> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  // In the order in which they came: a source that is always ready must not keep the others waiting.
  const outcomes: Outcome<T>[] = [];
  let wake = () => {};
  const tell = (outcome: Outcome<T>) => {
    outcomes.push(outcome);
    wake();
  };
  const ask = (index: number) => {
    const next = (iterators[index] as AsyncIterator<T>).next();
    next.then(
      (result) => tell({ index, result }),
      (error) => tell({ error }),
    );
  };
  let open = iterators.length;
  try {
    for (const index of iterators.keys()) ask(index);
    while (open > 0) {
      const outcome = outcomes.shift();
      if (outcome === undefined) {
        // One promise for all: racing theirs would leave a reaction on each that is slow, for every value of the others.
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      if ('error' in outcome) throw outcome.error;
      const { index, result } = outcome;
      if (result.done) {
        open -= 1;
        continue;
      }
      yield [index, result.value];
      ask(index);
    }
  } finally {
    for (const iterator of iterators) closeIterator(iterator);
  }
}
