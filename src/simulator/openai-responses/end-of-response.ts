import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';
import { measureUsage } from './measure-usage.ts';
import type { ResponseContext } from './response-context.ts';

interface EndOfResponse {
  readonly status: 'completed' | 'incomplete';
  readonly incomplete_details: JsonObject | null;
  readonly usage: JsonObject;
}

/** How a response ends that did not fail. */
export function endOf(plan: Plan, { inputSize }: ResponseContext): EndOfResponse {
  const reason = incompleteReason(plan);
  return {
    status: reason ? 'incomplete' : 'completed',
    incomplete_details: reason ? { reason } : null,
    usage: measureUsage(plan, inputSize),
  };
}

/** The last item of a response: a message that was cut short says so. */
export function sealItem(item: JsonObject, plan: Plan): JsonObject {
  return item.type === 'message' && incompleteReason(plan) ? { ...item, status: 'incomplete' } : item;
}

function incompleteReason({ finish }: Plan): string | undefined {
  if (finish.reason === 'max_tokens') return 'max_output_tokens';
  return finish.reason === 'refusal' ? 'content_filter' : undefined;
}
