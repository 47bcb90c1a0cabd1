import { z } from 'zod';
import { customCall, functionCall } from '../openai-chat/tool-calls.ts';
import { anything, checkNesting, invalid, isObject, quote, read } from '../read.ts';
import { readContent } from './content.ts';
import type { ItemPlace } from './item-reader.ts';
import { searchName } from './tools.ts';

const wireCall = z.object({ call_id: z.string().min(1), namespace: z.string().min(1).nullish() });
const wireOutput = z.object({ call_id: z.string().min(1), output: anything });
// A search that the provider made by itself has no id, and nobody answers it.
const wireSearchCall = z.object({ call_id: z.string().min(1).nullish(), arguments: anything });
const wireSearchOutput = z.object({ call_id: z.string().min(1).nullish() });

/** A call of one of the caller's tools in an earlier answer: of a function, or of a custom tool. */
export function readCall(item: Record<string, unknown>, { at, conversation, reading }: ItemPlace): void {
  const { call_id: id, namespace } = read(wireCall, item, at);
  const call = item.type === 'function_call' ? functionCall(id, item, at) : customCall(id, item, at);
  const name = reading.names.flat({ name: call.name, ...(typeof namespace === 'string' && { namespace }) });
  conversation.addAnswer({ type: 'tool-call', call: { ...call, name } }, `${at}.call_id`);
}

/** What a tool of the caller's returned. */
export function readOutput(item: unknown, { at, conversation, reading }: ItemPlace): void {
  const { call_id: callId, output } = read(wireOutput, item, at);
  conversation.addResult(callId, readContent(output, 'output', `${at}.output`, reading), `${at}.call_id`);
}

/** A search for more tools in an earlier answer. */
export function readSearchCall(item: unknown, { at, conversation, reading }: ItemPlace): void {
  const { call_id: id, arguments: value } = read(wireSearchCall, item, at);
  if (typeof id !== 'string') return;
  const place = `${at}.arguments`;
  if (!isObject(value)) throw invalid(place, `must be an object, not ${quote(value)}`);
  checkNesting(value, place);
  const name = reading.names.flat({ name: searchName, search: true });
  const call = { kind: 'function' as const, id, name, arguments: JSON.stringify(value) };
  conversation.addAnswer({ type: 'tool-call', call }, `${at}.call_id`);
}

/** What the search found: the tools themselves are among the request's by now. */
export function readSearchOutput(item: unknown, { at, conversation, found }: ItemPlace): void {
  const { call_id: callId } = read(wireSearchOutput, item, at);
  if (typeof callId !== 'string') return;
  const text = found.length === 0 ? 'No tools were found.' : `These tools can be used now: ${found.join(', ')}`;
  conversation.addResult(callId, [{ type: 'text', text }], `${at}.call_id`);
}
