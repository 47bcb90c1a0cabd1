import type { Quota } from '../provider.ts';
import type { RateLimits, RateLimitWindow } from './wire.ts';

/** Windows that are known by a name. */
const names: Record<number, string> = { 300: 'five_hour', 1440: 'one_day', 10080: 'seven_day', 43200: 'thirty_day' };

/** What the account's limits were when they were last told. */
export class CodexQuota {
  #windows = new Map<string, Quota>();

  get windows(): Quota[] {
    return [...this.#windows.values()];
  }

  /** When the last of the limits that are used up is there again. */
  get resetsAt(): Date | undefined {
    const resets = this.windows.flatMap(({ exhausted, resetsAt }) =>
      exhausted && resetsAt ? [resetsAt.getTime()] : [],
    );
    return resets.length > 0 ? new Date(Math.max(...resets)) : undefined;
  }

  /** A limit that is not told this time stays what it was. */
  update({ primary, secondary }: RateLimits): void {
    if (primary) this.#remember('primary', primary);
    if (secondary) this.#remember('secondary', secondary);
  }

  #remember(place: string, { usedPercent, windowDurationMins, resetsAt }: RateLimitWindow): void {
    const window = windowDurationMins === null ? place : (names[windowDurationMins] ?? `${windowDurationMins}_minutes`);
    this.#windows.set(window, {
      window,
      utilization: usedPercent / 100,
      exhausted: usedPercent >= 100,
      ...(resetsAt !== null && { resetsAt: new Date(resetsAt * 1_000) }),
    });
  }
}
