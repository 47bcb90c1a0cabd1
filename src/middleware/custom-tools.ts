import type { StreamEvent } from '../core/event.ts';
import type { Message } from '../core/message.ts';
import type { GenerateRequest } from '../core/request.ts';
import type { CustomTool, FunctionTool, ToolCall } from '../core/tool.ts';
import type { Generate } from './middleware.ts';

/**
 * Custom tools for providers that know functions only: each becomes a function with one text field, and its calls are
 * turned back. The text arrives whole, not in pieces.
 */
export function customTools(next: Generate): Generate {
  return (request) => {
    const names = new Set(request.tools.filter((tool) => tool.kind === 'custom').map((tool) => tool.name));
    if (names.size === 0 && !request.messages.some(hasCustomCall)) return next(request);
    return turnBack(next(asFunctions(request)), names);
  };
}

async function* turnBack(events: AsyncIterable<StreamEvent>, names: ReadonlySet<string>): AsyncGenerator<StreamEvent> {
  const custom = new Set<number>();
  for await (const event of events) yield* asCustom(event, names, custom);
}

function asFunctions(request: GenerateRequest): GenerateRequest {
  return {
    ...request,
    tools: request.tools.map((tool) => (tool.kind === 'custom' ? toFunction(tool) : tool)),
    messages: request.messages.map(withFunctionCalls),
  };
}

function toFunction(tool: CustomTool): FunctionTool {
  const rule = tool.grammar && `The text must follow this ${tool.grammar.syntax} grammar:\n${tool.grammar.definition}`;
  return {
    kind: 'function',
    name: tool.name,
    description: [tool.description, rule].filter(Boolean).join('\n\n'),
    parameters: {
      type: 'object',
      properties: { input: { type: 'string', description: 'The text that the tool is given.' } },
      required: ['input'],
      additionalProperties: false,
    },
  };
}

function hasCustomCall(message: Message): boolean {
  return (
    message.role === 'assistant' &&
    message.content.some((part) => part.type === 'tool-call' && part.call.kind === 'custom')
  );
}

function withFunctionCalls(message: Message): Message {
  if (message.role !== 'assistant' || !hasCustomCall(message)) return message;
  return {
    ...message,
    content: message.content.map((part) => {
      if (part.type !== 'tool-call' || part.call.kind !== 'custom') return part;
      const call: ToolCall = {
        ...part.call,
        kind: 'function',
        arguments: JSON.stringify({ input: part.call.arguments }),
      };
      return { ...part, call };
    }),
  };
}

/** `custom` gathers the indexes of calls that are held back until their text is known. */
function* asCustom(event: StreamEvent, names: ReadonlySet<string>, custom: Set<number>): Generator<StreamEvent> {
  if (event.type === 'tool-call-end' && names.has(event.call.name)) {
    const { index } = event;
    const { id, name } = event.call;
    const call: ToolCall = { kind: 'custom', id, name, arguments: inputOf(event.call.arguments) };
    yield { type: 'tool-call-start', index, kind: 'custom', id, name };
    if (call.arguments !== '') yield { type: 'tool-call-delta', index, arguments: call.arguments };
    yield { type: 'tool-call-end', index, call };
    return;
  }
  if (event.type === 'tool-call-start' && names.has(event.name)) {
    custom.add(event.index);
    return;
  }
  if (event.type === 'tool-call-delta' && custom.has(event.index)) return;
  yield event;
}

function inputOf(argumentsText: string): string {
  const given = JSON.parse(argumentsText) as { input?: unknown } | null;
  return typeof given?.input === 'string' ? given.input : argumentsText;
}
