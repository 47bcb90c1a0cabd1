import type { Message } from '@anthropic-ai/sdk/resources/messages';
import type { AnswerContext } from '../dialect.ts';
import { toUsage } from './usage.ts';

/** A message that says nothing yet. */
export function emptyMessage({ id, model }: Pick<AnswerContext, 'id' | 'model'>): Message {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: toUsage({ inputTokens: 0, outputTokens: 0 }),
  };
}
