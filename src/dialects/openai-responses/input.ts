import { invalid, isObject, listOf, quote, read } from '../read.ts';
import { Conversation } from './conversation.ts';
import type { ItemPlace, ItemReader } from './item-reader.ts';
import { readCall, readOutput, readSearchCall, readSearchOutput } from './read-calls.ts';
import { readAgentMessage, readMessage } from './read-messages.ts';
import { readCompaction, readReasoning } from './read-sealed-items.ts';
import { readUpdate } from './read-update.ts';
import type { Reading } from './reading.ts';

const wireItems = listOf.refine((items) => items.length > 0, 'must not be empty');

/** What the provider did by itself in an earlier answer. Its fruit is in the text that followed. */
const records = [
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'image_generation_call',
  'mcp_list_tools',
  'mcp_call',
  'mcp_approval_request',
  'mcp_approval_response',
  'program',
  'program_output',
];
const readers = new Map<unknown, ItemReader>([
  ['message', readMessage],
  ['agent_message', readAgentMessage],
  ['function_call', readCall],
  ['custom_tool_call', readCall],
  ['tool_search_call', readSearchCall],
  ['function_call_output', readOutput],
  ['custom_tool_call_output', readOutput],
  ['tool_search_output', readSearchOutput],
  ['reasoning', readReasoning],
  ['compaction', readCompaction],
  ['compaction_summary', readCompaction],
  ['compaction_trigger', readTrigger],
  ['configuration_update', readUpdate],
  // Its tools have been read with the others.
  ['additional_tools', () => {}],
  ['item_reference', refuseReference],
  ...records.map((type): [string, ItemReader] => [type, reportRecord]),
]);

/** The `input` of a body, behind its instructions, as a conversation. */
export function readInput(value: unknown, instructions: string, reading: Reading): Conversation {
  const conversation = new Conversation();
  if (instructions !== '') conversation.add({ role: 'system', content: [{ type: 'text', text: instructions }] });
  if (typeof value === 'string') {
    conversation.add({ role: 'user', content: [{ type: 'text', text: value }] });
    return conversation;
  }
  for (const [index, item] of read(wireItems, value, 'input').entries()) {
    const at = reading.placeOf(index);
    if (!isObject(item)) throw invalid(at, `must be an object, not ${quote(item)}`);
    const readItem = readers.get(typeOf(item));
    if (!readItem) throw invalid(`${at}.type`, `is ${quote(item.type)}, which this server does not know`);
    readItem(item, { at, conversation, reading, found: reading.found.get(index) ?? [] });
  }
  return conversation;
}

/** The type of an item, which messages and references may leave out. */
function typeOf({ type, role, id }: Record<string, unknown>): unknown {
  return type ?? (role === undefined && id !== undefined ? 'item_reference' : 'message');
}

function readTrigger(_: unknown, { reading }: ItemPlace): void {
  reading.compacts = true;
}

function reportRecord({ type }: Record<string, unknown>, { reading }: ItemPlace): void {
  reading.ignored.add(String(type));
}

function refuseReference({ id }: Record<string, unknown>, { at }: ItemPlace): void {
  throw invalid(`${at}.id`, `names the item ${quote(id)}, which this server does not hold: send the item itself`);
}
