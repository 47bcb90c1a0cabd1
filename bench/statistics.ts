/** The value below which the given share (0 to 1) of the samples lies, by nearest rank; NaN of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export interface Summary {
  readonly median: number;
  readonly p95: number;
  readonly n: number;
}

/** Median, 95th percentile and number of samples, in the samples' own unit. */
export function summarize(samples: readonly number[]): Summary {
  return { median: quantile(samples, 0.5), p95: quantile(samples, 0.95), n: samples.length };
}
