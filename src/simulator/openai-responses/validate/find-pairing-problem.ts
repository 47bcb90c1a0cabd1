import { elements, isObject } from '../../json.ts';
import type { ApiError } from '../api-error.ts';
import { problem } from './problems.ts';

/** The kinds of calls that the caller answers, by the types of the items. */
const CALLS: Readonly<Record<string, { readonly output: string; readonly name: string }>> = {
  function_call: { output: 'function_call_output', name: 'function call' },
  custom_tool_call: { output: 'custom_tool_call_output', name: 'custom tool call' },
};

/** Tool calls and their outputs: each call has an output somewhere after it, each output a call before it. */
export function findPairingProblem(input: unknown): ApiError | undefined {
  const items = elements(input).filter(isObject);
  for (const [type, { output, name }] of Object.entries(CALLS)) {
    const open = new Set<unknown>();
    const seen = new Set<unknown>();
    for (const { type: kind, call_id: callId } of items) {
      if (kind === type) {
        open.add(callId);
        seen.add(callId);
      }
      if (kind !== output) continue;
      if (!seen.has(callId)) return problem(`No tool call found for ${name} output with call_id ${callId}.`, 'input');
      open.delete(callId);
    }
    const [unanswered] = open;
    if (open.size > 0) return problem(`No tool output found for ${name} ${unanswered}.`, 'input');
  }
  return undefined;
}
