import { editDistance } from './edit-distance.ts';

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
