/**
 * Insertions, deletions, substitutions and swaps of neighbours: one point for a letter, half a point for a digit or a
 * dash, since versions are what people remember least.
 */
export function editDistance(from: string, to: string): number {
  const weight = (character: string | undefined) => (character !== undefined && /[a-z]/.test(character) ? 1 : 0.5);
  const rows: number[][] = [[0]];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let j = 1; j <= to.length; j += 1) rows[0]?.push(at(0, j - 1) + weight(to[j - 1]));
  for (let i = 1; i <= from.length; i += 1) {
    const [a, row] = [from[i - 1], [at(i - 1, 0) + weight(from[i - 1])]];
    rows.push(row);
    for (let j = 1; j <= to.length; j += 1) {
      const b = to[j - 1];
      const changed = at(i - 1, j - 1) + (a === b ? 0 : Math.max(weight(a), weight(b)));
      const swapped = a === to[j - 2] && b === from[i - 2] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(changed, swapped, at(i - 1, j) + weight(a), at(i, j - 1) + weight(b)));
    }
  }
  return at(from.length, to.length);
}
