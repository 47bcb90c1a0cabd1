import type { NewId } from '../create-ids.ts';
import type { JsonObject } from '../json.ts';
import type { CallStep } from '../script.ts';

/** A call with all its arguments, or with the part of their JSON that is given. */
export function toolCall(step: CallStep, newId: NewId, json = JSON.stringify(step.arguments)): JsonObject {
  return { id: step.id ?? newId('call'), type: 'function', function: { name: step.name, arguments: json } };
}
