import { z } from 'zod';
import type { AssistantPart } from '../../core/message.ts';
import { invalid, isObject, listOf, quote, read } from '../read.ts';
import { readContent } from './content.ts';
import { type LocatedMessage, readMessage } from './messages.ts';
import type { Reading } from './reading.ts';
import { customCall, functionCall } from './tool-calls.ts';

const wireCallId = z.object({ call_id: z.string().min(1) });
const wireReasoning = z.object({ summary: listOf.nullish() });
const wireSummary = z.object({ text: z.string() });
const wireItems = listOf.refine((items) => items.length > 0, 'must not be empty');

/** The `input` of a body in the shape of the responses API, which some clients post to the chat path, as messages. */
export function readInput(value: unknown, reading: Reading): LocatedMessage[] {
  if (typeof value === 'string') return [readMessage({ role: 'user', content: value }, 'input', reading)];
  const messages: LocatedMessage[] = [];
  for (const [index, item] of read(wireItems, value, 'input').entries()) {
    const located = readItem(item, `input[${index}]`, reading);
    const last = messages.at(-1);
    // An answer with two calls is three items here, and one message everywhere else.
    if (last?.message.role === 'assistant' && located.message.role === 'assistant') {
      last.message.content.push(...located.message.content);
      last.idsAt.push(...located.idsAt);
    } else messages.push(located);
  }
  return messages;
}

function readItem(item: unknown, at: string, reading: Reading): LocatedMessage {
  if (!isObject(item)) throw invalid(at, `must be an object, not ${quote(item)}`);
  switch (item.type) {
    case undefined:
    case 'message':
      return readMessage(item, at, reading);
    case 'function_call':
    case 'custom_tool_call': {
      const id = read(wireCallId, item, at).call_id;
      const call = item.type === 'function_call' ? functionCall(id, item, at) : customCall(id, item, at);
      return assistant([{ type: 'tool-call', call }], [`${at}.call_id`]);
    }
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const callId = read(wireCallId, item, at).call_id;
      const content = readContent(item.output, 'tool', `${at}.output`, reading);
      return { message: { role: 'tool', callId, content }, idsAt: [`${at}.call_id`] };
    }
    case 'reasoning': {
      const summary = read(wireReasoning, item, at).summary ?? [];
      return assistant(
        summary.map((part, index) => ({ type: 'reasoning', ...read(wireSummary, part, `${at}.summary[${index}]`) })),
      );
    }
    default:
      throw invalid(`${at}.type`, `is ${quote(item.type)}, which this server does not know`);
  }
}

function assistant(content: AssistantPart[], idsAt: string[] = []): LocatedMessage {
  return { message: { role: 'assistant', content }, idsAt };
}
