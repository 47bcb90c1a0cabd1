/**
 * Tells a source that no more of it will be read. A generator answers `return` only after its running `next`, which may
 * never settle, so nothing is awaited here: what must stop at once is stopped by an `AbortSignal`.
 */
export function closeIterator(iterator: AsyncIterator<unknown>): void {
  iterator.return?.().catch(() => {});
}
