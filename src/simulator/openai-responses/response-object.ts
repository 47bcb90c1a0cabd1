import { isObject, type JsonObject } from '../json.ts';
import type { ResponseContext } from './response-context.ts';

/** A response that is under way: everything of it that stays the same. */
export type ResponseHead = JsonObject & { readonly id: string };

export function startResponse({ request, newId }: ResponseContext): ResponseHead {
  const { reasoning, text } = request;
  return {
    id: newId('resp'),
    object: 'response',
    created_at: now(),
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    metadata: request.metadata ?? {},
    model: String(request.model),
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: { effort: null, summary: null, ...(isObject(reasoning) && reasoning) },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: request.service_tier ?? 'auto',
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: { type: 'text' }, verbosity: 'medium', ...(isObject(text) && text) },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    usage: null,
    user: request.user ?? null,
  };
}

/** How a response ended, over what it was before. */
export function endResponse(head: ResponseHead, end: JsonObject & { readonly status: string }): ResponseHead {
  return {
    ...head,
    service_tier: head.service_tier === 'auto' ? 'default' : head.service_tier,
    ...(end.status === 'completed' && { completed_at: now() }),
    ...end,
  };
}

function now(): number {
  return Math.floor(Date.now() / 1_000);
}
