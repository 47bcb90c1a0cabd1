import type { JsonObject } from '../json.ts';
import { pieces } from '../pieces.ts';
import type { CallStep } from '../script.ts';
import { findTool } from './find-tool.ts';
import type { OutputItem } from './output-item.ts';
import type { ResponseContext } from './response-context.ts';

const ARGUMENT_CHUNK = 16;

/** A call as the kind of call that its tool takes. */
export function callItem(step: CallStep, { request, newId }: ResponseContext): OutputItem {
  const { custom, namespace } = findTool(request, step.name);
  const call = { call_id: step.id ?? newId('call'), name: step.name, ...(namespace && { namespace }) };
  const { input } = step.arguments;
  const json = JSON.stringify(step.arguments);
  return custom
    ? streamedCall({ id: newId('ctc'), type: 'custom_tool_call', ...call }, 'input', String(input ?? json), step)
    : streamedCall({ id: newId('fc'), type: 'function_call', ...call }, 'arguments', json, step);
}

function streamedCall(
  head: JsonObject & { readonly id: string },
  field: 'arguments' | 'input',
  value: string,
  { chunkSize = ARGUMENT_CHUNK, delay }: CallStep,
): OutputItem {
  const event =
    field === 'input' ? ('response.custom_tool_call_input' as const) : ('response.function_call_arguments' as const);
  return {
    opening: { ...head, status: 'in_progress', [field]: '' },
    parts: [
      {
        before: [],
        deltas: pieces(value, chunkSize).map((delta) => ({ type: `${event}.delta`, delta })),
        after: [{ type: `${event}.done`, [field]: value }],
      },
    ],
    whole: { ...head, status: 'completed', [field]: value },
    delay,
  };
}
