import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the look finds something (neither undefined nor false) and returns it; fails after `timeoutMs` with the
 * description, to which a look that throws adds its own words.
 */
export async function eventually<T>(
  description: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    let fault = '';
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      fault = `: ${error instanceof Error ? error.message : error}`;
    }
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${description}${fault}`);
    await sleep(20);
  }
}
