const offered = 3;

/** The names that a mistyped one is closest to, best first; those too far off to be meant are left out. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const typed = name.slice(0, 100).toLowerCase();
  return names
    .map((candidate) => ({ candidate, distance: editDistance(typed, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(candidate.length, typed.length) * 0.6)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, offered)
    .map(({ candidate }) => candidate);
}

/** Levenshtein distance: insertions, deletions and substitutions, one point each. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
