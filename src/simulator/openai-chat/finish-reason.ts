import type { FinishReason } from '../script.ts';

const REASONS: Readonly<Record<FinishReason, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  refusal: 'content_filter',
};

/** Why an answer ended, in this API's word. */
export function finishReason(reason: FinishReason): string {
  return REASONS[reason];
}
