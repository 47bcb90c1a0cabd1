import { z } from 'zod';
import type { AssistantPart, Message } from '../../core/message.ts';
import { anything, listOf, read } from '../read.ts';
import { readContent } from './content.ts';
import { functionCallId, type Reading } from './reading.ts';
import { functionCall, readToolCalls } from './tool-calls.ts';

/**
 * A message with the places in the caller's body where its ids stand: one for each tool call of an assistant message,
 * one for the call that a tool message answers.
 */
export interface LocatedMessage {
  message: Message;
  idsAt: string[];
}

const wireMessage = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: anything,
  name: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: anything,
  function_call: anything,
  tool_call_id: z.string().nullish(),
});
type WireMessage = z.output<typeof wireMessage>;
const wireToolCallId = z.object({ tool_call_id: z.string().min(1) });
const wireMessages = listOf.refine((messages) => messages.length > 0, 'must not be empty');

/** The messages of a body, in order. */
export function readMessages(value: unknown, at: string, reading: Reading): LocatedMessage[] {
  return read(wireMessages, value, at).map((message, index) => readMessage(message, `${at}[${index}]`, reading));
}

/** One message, `at` its place in the body. */
export function readMessage(value: unknown, at: string, reading: Reading): LocatedMessage {
  const wire = read(wireMessage, value, at);
  const contentAt = `${at}.content`;
  switch (wire.role) {
    case 'system':
    case 'developer': {
      const content = readContent(wire.content, 'system', contentAt, reading);
      return { message: { role: 'system', content }, idsAt: [] };
    }
    case 'user': {
      const content = readContent(wire.content, 'user', contentAt, reading);
      if (content.length === 0) content.push({ type: 'text', text: '' });
      return { message: { role: 'user', content, ...(wire.name && { name: wire.name }) }, idsAt: [] };
    }
    case 'assistant':
      return readAssistantMessage(wire, at, reading);
    case 'tool': {
      const callId = read(wireToolCallId, value, at).tool_call_id;
      const content = readContent(wire.content, 'tool', contentAt, reading);
      return { message: { role: 'tool', callId, content }, idsAt: [`${at}.tool_call_id`] };
    }
    case 'function': {
      const content = readContent(wire.content, 'tool', contentAt, reading);
      return { message: { role: 'tool', callId: functionCallId(reading), content }, idsAt: [`${at}.name`] };
    }
  }
}

function readAssistantMessage(wire: WireMessage, at: string, reading: Reading): LocatedMessage {
  const content: AssistantPart[] = [];
  if (wire.reasoning_content) content.push({ type: 'reasoning', text: wire.reasoning_content });
  content.push(...readContent(wire.content, 'assistant', `${at}.content`, reading));
  if (wire.refusal) content.push({ type: 'refusal', text: wire.refusal });
  const idsAt: string[] = [];
  for (const { call, idAt } of readToolCalls(wire.tool_calls ?? [], `${at}.tool_calls`)) {
    content.push({ type: 'tool-call', call });
    idsAt.push(idAt);
  }
  if (idsAt.length === 0 && wire.function_call !== undefined && wire.function_call !== null) {
    reading.functionCalls += 1;
    const call = functionCall(functionCallId(reading), wire.function_call, `${at}.function_call`);
    content.push({ type: 'tool-call', call });
    idsAt.push(`${at}.function_call`);
  }
  return { message: { role: 'assistant', content }, idsAt };
}
