/** Milliseconds since 1970 with fractions: processes of one machine agree on it to well under a millisecond. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
