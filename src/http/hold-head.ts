import { peek } from '../stream/peek.ts';

/**
 * Waits until one of the choices has its first event or `holdMs` have passed. A choice that fails within that time
 * fails them all, while an HTTP status can still say so; otherwise the choices come back and have lost nothing.
 */
export async function holdHead<T>(choices: readonly AsyncIterable<T>[], holdMs: number): Promise<AsyncIterable<T>[]> {
  const held = choices.map((choice) => peek(choice, holdMs));
  for (const choice of held) choice.catch(() => {});
  const first = await Promise.race(held);
  return held.length === 1 ? [first] : held.map(flatten);
}

async function* flatten<T>(held: Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  yield* await held;
}
