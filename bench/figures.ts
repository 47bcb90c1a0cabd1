import { sampleName } from './measure.ts';
import type { MemoryFigures } from './memory.ts';
import type { Measured } from './run-subject.ts';
import { type Row, scenariosOf } from './scenarios.ts';
import { type Summary, summarize } from './statistics.ts';
import type { Subject } from './subject.ts';

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
  /** Without samples where the subject has no stand-in. */
  readonly ownThere: Summary;
  readonly ownBack: Summary;
  /** The highest `toOneShot` that is good enough. */
  readonly target?: number | undefined;
}

export interface SubjectFigures {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly RowFigures[];
  readonly yardsticks: readonly { readonly id: string; readonly title: string; readonly first: Summary }[];
  readonly memory: MemoryFigures | undefined;
}

/** The figures that the samples give. */
export function figuresOf(subject: Subject, { samples, memory, oneShots }: Measured): SubjectFigures {
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
    id: subject.id,
    title: subject.title,
    rows: scenariosOf(subject).flatMap(({ rows }) => rows.map(row)),
    yardsticks: [
      ...oneShots.map(({ id, title }) => ({ id, title, first: summary(sampleName.oneShot(id)) })),
      { id: 'model-api', title: 'model API asked directly', first: modelApi },
    ],
    memory,
  };
}

/** Whether a row misses its target by more than `margin` times. */
export function misses({ toOneShot, target }: Pick<RowFigures, 'toOneShot' | 'target'>, margin: number): boolean {
  return target !== undefined && !(toOneShot <= target * margin);
}
