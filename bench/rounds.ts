/**
 * Runs the steps in rounds, each round in an order of its own, so that none gains or loses by its neighbours. No round begins that would not end before `endBy` (by `performance.now()`). Returns how many were run.
 */
export async function runRounds(
  steps: readonly ((mark: string) => Promise<void>)[],
  options: { rounds: number; name: string; endBy: number },
): Promise<number> {
  let longestMs = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    const startedAt = performance.now();
    if (round > 0 && startedAt + longestMs > options.endBy) return round;
    for (const step of shuffled(steps)) await step(`${options.name} ${round}`);
    longestMs = Math.max(longestMs, performance.now() - startedAt);
  }
  return options.rounds;
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
