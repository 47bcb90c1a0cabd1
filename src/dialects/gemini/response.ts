import type { FinishReason } from '../../core/event.ts';
import type { AnswerContext } from '../dialect.ts';
import type { GroundingMetadata } from './grounding.ts';
import type { AnswerPart } from './part-writer.ts';
import type { UsageMetadata } from './usage.ts';

const finishReasons = {
  stop: 'STOP',
  // A call is an end like any other here.
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
} as const satisfies Record<FinishReason, string>;

export interface Candidate {
  /** Never without a part: clients throw the whole answer away for one content that has none. */
  content: { parts: AnswerPart[]; role: 'model' };
  finishReason?: (typeof finishReasons)[FinishReason];
  index: number;
  groundingMetadata?: GroundingMetadata;
}

/** A whole answer, or one piece of a streamed one. */
export interface GeminiResponse {
  candidates: Candidate[];
  usageMetadata?: UsageMetadata;
  modelVersion: string;
  responseId: string;
}

/** Candidates that have more to say leave `reason` out. */
export function toCandidate(
  index: number,
  parts: AnswerPart[],
  reason?: FinishReason,
  groundingMetadata?: GroundingMetadata,
): Candidate {
  return {
    content: { parts, role: 'model' },
    ...(reason && { finishReason: finishReasons[reason] }),
    index,
    ...(groundingMetadata && { groundingMetadata }),
  };
}

export function toResponse(
  candidates: Candidate[],
  { id }: Pick<AnswerContext, 'id'>,
  model: string,
  usageMetadata?: UsageMetadata,
): GeminiResponse {
  return { candidates, ...(usageMetadata && { usageMetadata }), modelVersion: model, responseId: id };
}
