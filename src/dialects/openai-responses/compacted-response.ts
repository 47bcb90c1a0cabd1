import type { ResponseUsage } from 'openai/resources/responses/responses';
import type { Completion } from '../../core/completion.ts';
import { toInputItems } from './input-item-list.ts';
import type { CompactOptions, ResponsesContext } from './options.ts';
import { whole } from './whole.ts';

/** A conversation in short: what the user said, and one item for everything else. */
export interface CompactedResponse {
  id: string;
  object: 'response.compaction';
  created_at: number;
  output: unknown[];
  usage: ResponseUsage | null;
}

/** The answer to a request to compact a conversation. */
export function wholeCompaction(
  completions: Completion[],
  context: ResponsesContext<CompactOptions>,
): CompactedResponse {
  const { id, created_at, output, usage } = whole(completions, context);
  const kept = toInputItems(context.options.kept, context.id);
  return { id, object: 'response.compaction', created_at, output: [...kept, ...output], usage };
}
