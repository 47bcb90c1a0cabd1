import { sampleName } from './measure.ts';
import { oneShots } from './one-shot.ts';
import type { Samples } from './samples.ts';
import { type Row, scenarios } from './scenarios.ts';
import { type Summary, summarize } from './statistics.ts';

/** One line of the table; times in milliseconds, ratios of medians. */
export interface RowFigures {
  readonly id: string;
  readonly title: string;
  readonly first: Summary;
  readonly toOneShot: number;
  readonly toLeanest: number;
  /** What is left of the median when the model API's own time is taken off. */
  readonly overModelApi: number;
  readonly there: Summary;
  readonly back: Summary;
  readonly ownThere: Summary;
  readonly ownBack: Summary;
  /** The highest `toOneShot` that is good enough. */
  readonly target?: number;
}

export interface Figures {
  readonly rows: readonly RowFigures[];
  readonly yardsticks: readonly { readonly title: string; readonly first: Summary }[];
}

/** The figures that the samples give. */
export function figuresOf(samples: Samples): Figures {
  const summary = (name: string) => summarize(samples.of(name));
  const modelApi = summary(sampleName.modelApi);
  const oneShot = summary(sampleName.oneShot('default'));
  const leanest = summary(sampleName.oneShot('leanest'));
  const row = (row: Row): RowFigures => {
    const first = summary(sampleName.first(row));
    return {
      ...row,
      first,
      toOneShot: first.median / oneShot.median,
      toLeanest: first.median / leanest.median,
      overModelApi: first.median - modelApi.median,
      there: summary(sampleName.there(row)),
      back: summary(sampleName.back(row)),
      ownThere: summary(sampleName.ownThere(row)),
      ownBack: summary(sampleName.ownBack(row)),
    };
  };
  return {
    rows: scenarios.flatMap(({ rows }) => rows.map(row)),
    yardsticks: [
      ...oneShots.map(({ id, title }) => ({ title, first: summary(sampleName.oneShot(id)) })),
      { title: 'model API asked directly', first: modelApi },
    ],
  };
}

/** Whether a row misses its target by more than `margin` times. */
export function misses({ toOneShot, target }: RowFigures, margin: number): boolean {
  return target !== undefined && !(toOneShot <= target * margin);
}
