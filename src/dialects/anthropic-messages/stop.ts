import type { RawMessageDeltaEvent } from '@anthropic-ai/sdk/resources/messages';
import type { Completion } from '../../core/completion.ts';

/** Why an answer ended, on the wire. A refusal that the model put into words is also told as the explanation. */
export function toStop(
  { reason, stopSequence }: Pick<Completion, 'reason' | 'stopSequence'>,
  refusal: string,
): RawMessageDeltaEvent['delta'] {
  const stop = (name: RawMessageDeltaEvent['delta']['stop_reason']): RawMessageDeltaEvent['delta'] => ({
    container: null,
    stop_details: null,
    stop_reason: name,
    stop_sequence: null,
  });
  switch (reason) {
    case 'length':
      return stop('max_tokens');
    case 'tool-calls':
      return stop('tool_use');
    case 'content-filter':
      return { ...stop('refusal'), stop_details: { type: 'refusal', category: null, explanation: null } };
    case 'stop':
      if (stopSequence) return { ...stop('stop_sequence'), stop_sequence: stopSequence };
      if (refusal === '') return stop('end_turn');
      return { ...stop('refusal'), stop_details: { type: 'refusal', category: null, explanation: refusal } };
  }
}
