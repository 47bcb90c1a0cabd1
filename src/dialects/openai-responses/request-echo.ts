import { z } from 'zod';
import { anyObject, anything, checkNesting, isObject, listOf, read } from '../read.ts';

const text = z.string().nullish();

const wireEcho = z.object({
  instructions: text,
  metadata: anyObject.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  tools: listOf.nullish(),
  tool_choice: anything,
  max_output_tokens: z.number().nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  previous_response_id: text,
  prompt_cache_key: text,
  safety_identifier: text,
  user: text,
  reasoning: z.object({ effort: text, summary: text, generate_summary: text }).nullish(),
  text: z.object({ format: anything, verbosity: text }).nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
});

/** What a response object repeats of its request; a field left out has the value that the API itself would take. */
export type RequestEcho = ReturnType<typeof readEcho>;

/** Reads the fields that the answer repeats. What is passed on as it is must be fit to be written out again. */
export function readEcho(body: unknown) {
  const wire = read(wireEcho, body, '');
  for (const name of ['metadata', 'tools', 'tool_choice', 'text'] as const) checkNesting(wire[name], name);
  return {
    instructions: wire.instructions ?? null,
    metadata: wire.metadata ?? {},
    parallel_tool_calls: wire.parallel_tool_calls ?? true,
    temperature: wire.temperature ?? 1,
    top_p: wire.top_p ?? 1,
    presence_penalty: wire.presence_penalty ?? 0,
    frequency_penalty: wire.frequency_penalty ?? 0,
    top_logprobs: wire.top_logprobs ?? 0,
    tools: (wire.tools ?? []).map(echoTool),
    tool_choice: wire.tool_choice ?? 'auto',
    max_output_tokens: wire.max_output_tokens ?? null,
    max_tool_calls: wire.max_tool_calls ?? null,
    previous_response_id: wire.previous_response_id ?? null,
    prompt_cache_key: wire.prompt_cache_key ?? null,
    safety_identifier: wire.safety_identifier ?? null,
    ...(wire.user && { user: wire.user }),
    reasoning: {
      effort: wire.reasoning?.effort ?? null,
      summary: wire.reasoning?.summary ?? wire.reasoning?.generate_summary ?? null,
    },
    text: { format: wire.text?.format ?? { type: 'text' }, verbosity: wire.text?.verbosity ?? 'medium' },
    store: wire.store ?? true,
    background: wire.background ?? false,
    // Whatever was asked for, these are the only ones there are.
    truncation: 'disabled',
    service_tier: 'default',
  };
}

/** A function with every field that clients look for, also where the caller kept the chat API's nesting. */
function echoTool(tool: unknown): unknown {
  if (!isObject(tool) || tool.type !== 'function') return tool;
  const { function: nested, ...fields } = tool;
  return { parameters: null, strict: null, ...(isObject(nested) ? nested : {}), ...fields };
}
