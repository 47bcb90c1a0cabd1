import { z } from 'zod';
import type { ToolCall } from '../../core/tool.ts';
import { anything, checkNesting, invalid, isObject, listOf, read } from '../read.ts';

const wireFunction = z.object({ name: z.string().min(1), arguments: z.string().nullish() });
const wireCustom = z.object({ name: z.string().min(1), input: z.string().nullish() });
const wireToolCall = z.object({
  id: z.string().min(1),
  type: z.enum(['function', 'custom']).nullish(),
  function: anything,
  custom: anything,
});

/** The calls of an earlier answer. */
export function readToolCalls(value: unknown, at: string): { call: ToolCall; idAt: string }[] {
  return read(listOf, value, at).map((item, index) => {
    const place = `${at}[${index}]`;
    const { id, type, ...rest } = read(wireToolCall, item, place);
    const call =
      type === 'custom'
        ? customCall(id, rest.custom, `${place}.custom`)
        : functionCall(id, rest.function, `${place}.function`);
    return { call, idAt: `${place}.id` };
  });
}

/** A call of a function, from `{name, arguments}`. */
export function functionCall(id: string, value: unknown, at: string): ToolCall {
  const { name, arguments: text } = read(wireFunction, value, at);
  return { kind: 'function', id, name, arguments: readArguments(text, `${at}.arguments`) };
}

/** A call of a custom tool, from `{name, input}`. */
export function customCall(id: string, value: unknown, at: string): ToolCall {
  const { name, input } = read(wireCustom, value, at);
  return { kind: 'custom', id, name, arguments: input ?? '' };
}

// No model makes a call whose arguments are not an object, and none takes one in its history.
function readArguments(text: string | null | undefined, at: string): string {
  if (!text?.trim()) return '{}';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(at, 'must be valid JSON');
  }
  if (!isObject(value)) throw invalid(at, 'must be the JSON text of an object');
  checkNesting(value, at);
  return text;
}
