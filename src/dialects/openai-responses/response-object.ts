import type { ResponseOutputItem, ResponseUsage } from 'openai/resources/responses/responses';
import type { GatewayError } from '../../core/error.ts';
import type { FinishReason, StreamEvent } from '../../core/event.ts';
import { type FailureDetails, failureDetails } from './failure-details.ts';
import { responseId } from './item-id.ts';
import type { ResponsesContext } from './options.ts';
import type { RequestEcho } from './request-echo.ts';
import { toResponseUsage } from './usage.ts';

type Status = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** The response object: every field is there at all times. Dates are seconds since 1970. */
export interface ResponseObject extends RequestEcho {
  id: string;
  object: 'response';
  created_at: number;
  completed_at: number | null;
  status: Status;
  error: FailureDetails | null;
  incomplete_details: { reason: 'max_output_tokens' | 'content_filter' } | null;
  model: string;
  output: ResponseOutputItem[];
  usage: ResponseUsage | null;
  access_programs: null;
}

const incomplete: Partial<Record<FinishReason, 'max_output_tokens' | 'content_filter'>> = {
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
};

/** What has become of an answer that ended for this reason. */
export function finalStatus(reason: FinishReason): 'completed' | 'incomplete' {
  return reason in incomplete ? 'incomplete' : 'completed';
}

/** An answer that is not there yet, or never will be: stored answers wait as `queued` and can be `cancelled`. */
export function unfinishedResponse(
  context: ResponsesContext,
  status: 'queued' | 'in_progress' | 'cancelled',
): ResponseObject {
  return {
    id: responseId(context.id),
    object: 'response',
    created_at: seconds(context.createdAt),
    completed_at: null,
    status,
    error: null,
    incomplete_details: null,
    model: context.model,
    output: [],
    usage: null,
    access_programs: null,
    ...context.options.request,
  };
}

/** An answer that has come to its end. `model` is the one that says it made it. */
export function finishedResponse(
  context: ResponsesContext,
  model: string,
  output: ResponseOutputItem[],
  { reason, usage }: Pick<Extract<StreamEvent, { type: 'finish' }>, 'reason' | 'usage'>,
): ResponseObject {
  const cut = incomplete[reason];
  const completedAt = cut === undefined ? seconds(context.now?.() ?? context.createdAt) : null;
  return {
    ...unfinishedResponse(context, 'in_progress'),
    status: cut === undefined ? 'completed' : 'incomplete',
    completed_at: completedAt,
    incomplete_details: cut === undefined ? null : { reason: cut },
    model: model || context.model,
    output,
    usage: toResponseUsage(usage),
  };
}

/** An answer that failed. */
export function failedResponse(context: ResponsesContext, error: GatewayError): ResponseObject {
  return { ...unfinishedResponse(context, 'in_progress'), status: 'failed', error: failureDetails(error) };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
