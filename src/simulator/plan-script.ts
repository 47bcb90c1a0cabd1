import type {
  CallStep,
  CutStep,
  ErrorStep,
  FinishReason,
  HangStep,
  RawStep,
  Script,
  StatusStep,
  Step,
  TextStep,
  ThinkingStep,
  UsageStep,
  WaitStep,
  WebSearchStep,
} from './script.ts';

/** A script sorted into what holds for the whole answer and what is played in order. */
export interface Plan {
  /** Set: this HTTP error is the answer, and `steps` are the waits before it. */
  readonly status?: StatusStep;
  readonly headers: Readonly<Record<string, string>>;
  readonly usage: Omit<UsageStep, 'type'>;
  readonly finish: { readonly reason: FinishReason; readonly stopSequence?: string };
  readonly fragment?: number;
  readonly steps: readonly PlayedStep[];
}

export type ContentStep = TextStep | ThinkingStep | CallStep | WebSearchStep;
export type PlayedStep = ContentStep | WaitStep | ErrorStep | CutStep | HangStep | RawStep;

/** Throws RangeError for a size below 1. A text is cut before the first of `stopSequences`, which ends the answer. */
export function planScript(script: Script, stopSequences: readonly string[] = []): Plan {
  const statusAt = script.findIndex((step) => step.type === 'status');
  const delay = script.findLast((step) => step.type === 'slow')?.delay;
  const fragment = script.findLast((step) => step.type === 'fragment')?.bytes;
  requireSize('fragment.bytes', fragment);

  const steps: PlayedStep[] = [];
  let finish: Plan['finish'] | undefined = script.findLast((step) => step.type === 'finish');
  for (const step of script) {
    if (!isPlayed(step)) continue;
    if ('chunkSize' in step) requireSize(`${step.type}.chunkSize`, step.chunkSize);
    const paced = delay !== undefined && isStreamed(step) ? { delay, ...step } : step;
    const stop = paced.type === 'text' ? firstStop(paced.text, stopSequences) : undefined;
    if (paced.type === 'text' && stop) {
      steps.push({ ...paced, text: paced.text.slice(0, stop.at) });
      finish = { reason: 'stop_sequence', stopSequence: stop.sequence };
      break;
    }
    steps.push(paced);
  }

  const status = script[statusAt];
  return {
    status: status?.type === 'status' ? status : undefined,
    headers: Object.assign({}, ...script.filter((step) => step.type === 'headers').map((step) => step.headers)),
    usage: script.findLast((step) => step.type === 'usage') ?? {},
    finish: finish ?? { reason: steps.some((step) => step.type === 'call') ? 'tool_use' : 'end_turn' },
    fragment,
    steps: status ? script.slice(0, statusAt).filter((step) => step.type === 'wait') : steps,
  };
}

const OPTIONS = new Set<Step['type']>(['status', 'slow', 'fragment', 'finish', 'usage', 'headers']);

function isPlayed(step: Step): step is PlayedStep {
  return !OPTIONS.has(step.type);
}

function isStreamed(step: PlayedStep): step is TextStep | ThinkingStep | CallStep {
  return step.type === 'text' || step.type === 'thinking' || step.type === 'call';
}

function requireSize(name: string, size: number | undefined): void {
  if (size !== undefined && !(size >= 1)) throw new RangeError(`${name} must be at least 1, not ${size}`);
}

function firstStop(text: string, sequences: readonly string[]): { at: number; sequence: string } | undefined {
  return sequences
    .map((sequence) => ({ at: text.indexOf(sequence), sequence }))
    .filter(({ at }) => at >= 0)
    .sort((left, right) => left.at - right.at)[0];
}
