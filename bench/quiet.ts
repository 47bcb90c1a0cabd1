import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const windowMs = 100;
const longestWaitMs = 1_000;
const busyShare = 0.15;

/** Waits until the processors have next to nothing to do; goes on all the same after a second. */
export async function untilQuiet(): Promise<void> {
  const giveUpAt = performance.now() + longestWaitMs;
  let before = times();
  while (performance.now() < giveUpAt) {
    await sleep(windowMs);
    const after = times();
    const total = after.total - before.total;
    if (total > 0 && 1 - (after.idle - before.idle) / total < busyShare) return;
    before = after;
  }
}

function times(): { idle: number; total: number } {
  const all = cpus().map(({ times }) => times);
  const idle = all.reduce((sum, { idle }) => sum + idle, 0);
  return { idle, total: all.reduce((sum, { idle, user, sys, nice, irq }) => sum + idle + user + sys + nice + irq, 0) };
}
