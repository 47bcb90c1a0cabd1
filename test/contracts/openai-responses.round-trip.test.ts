import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import OpenAI from 'openai';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { foldCompletion } from '../../src/core/completion.ts';
import type { FinishReason, StreamEvent } from '../../src/core/event.ts';
import type { AssistantPart, Message, ReasoningPart, ToolResultPart, UserPart } from '../../src/core/message.ts';
import type { GenerateRequest } from '../../src/core/request.ts';
import type { Tool, ToolCall } from '../../src/core/tool.ts';
import { openaiChat } from '../../src/dialects/openai-chat/openai-chat.ts';
import { decode } from '../../src/dialects/openai-responses/decode.ts';
import { frames } from '../../src/dialects/openai-responses/frames.ts';
import { withHistory } from '../../src/dialects/openai-responses/history.ts';
import type { ResponseObject } from '../../src/dialects/openai-responses/response-object.ts';
import { storedResponse } from '../../src/dialects/openai-responses/stored-response.ts';
import { whole } from '../../src/dialects/openai-responses/whole.ts';
import { encodeFrame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';
import { png } from './openai-responses.fixtures.ts';

const someText = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const someName = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,15}$/);
const someId = fc.string({ minLength: 1, maxLength: 20 });
const someArguments = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })).map((value) => JSON.stringify(value));
const someCall: fc.Arbitrary<ToolCall> = fc.oneof(
  fc.record({ kind: fc.constant('function' as const), id: someId, name: someName, arguments: someArguments }),
  fc.record({ kind: fc.constant('custom' as const), id: someId, name: someName, arguments: fc.string() }),
);

/** A piece of an answer as its events. */
type Block = (index: number) => StreamEvent[];

const someTexts = fc
  .tuple(someText, fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 3 }))
  .map(([first, rest]) => [first, ...rest]);
const someSeal = fc.record(
  { origin: someName, signature: fc.string(), encrypted: fc.string() },
  { requiredKeys: ['origin'] },
);
const someBlock = fc.oneof<fc.MaybeWeightedArbitrary<Block>[]>(
  someTexts.map((texts) => () => texts.map((text): StreamEvent => ({ type: 'text-delta', text }))),
  someText.map((text) => () => [{ type: 'refusal-delta', text }]),
  fc.tuple(someTexts, fc.option(someSeal)).map(([texts, seal]) => () => [
    ...texts.map((text): StreamEvent => ({ type: 'reasoning-delta', text })),
    ...(seal ? [{ type: 'reasoning-end' as const, ...seal }] : []),
  ]),
  fc.tuple(someCall, fc.integer({ min: 1, max: 9 })).map(([call, size]) => (index) => {
    const { kind, id, name, arguments: text } = call;
    const pieces = text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? [];
    return [
      { type: 'tool-call-start', index, kind, id: `${id}-${index}`, name },
      ...pieces.map((piece): StreamEvent => ({ type: 'tool-call-delta', index, arguments: piece })),
      { type: 'tool-call-end', index, call: { ...call, id: `${id}-${index}` } },
    ];
  }),
);
const someCount = fc.nat(100_000);
const someAnswer = fc
  .record({
    blocks: fc.array(someBlock, { maxLength: 6 }),
    cut: fc.option(fc.constantFrom<FinishReason>('length', 'content-filter')),
    usage: fc.record({
      inputTokens: someCount,
      outputTokens: someCount,
      cacheReadTokens: someCount,
      cacheWriteTokens: someCount,
      reasoningTokens: someCount,
    }),
  })
  .map(({ blocks, cut, usage }): StreamEvent[] => {
    const events = blocks.flatMap((block, index) => block(index));
    const reason = cut ?? (events.some(({ type }) => type === 'tool-call-end') ? 'tool-calls' : 'stop');
    return [{ type: 'start', model: 'some-model' }, ...events, { type: 'finish', reason, usage }];
  });

describe('an answer', { timeout: 60_000 }, () => {
  it('comes back from the official client as it was, and whole as in a stream', async () => {
    await fc.assert(
      fc.asyncProperty(someAnswer, fc.boolean(), async (events, summaries) => {
        const reasoning = summaries ? { summary: 'auto' } : null;
        const { options } = decode({ model: 'm', input: 'hi', store: false, reasoning }, decodeContext);
        const context = { id: 'abc', createdAt: new Date(0), model: 'm', options };
        const completion = await foldCompletion(streamOf(events));
        const response = await throughClient(frames([streamOf(events)], context));
        const told = whole([completion], context);
        assert.deepEqual(JSON.parse(JSON.stringify(response.output)), JSON.parse(JSON.stringify(told.output)));
        const { usage, incomplete_details: cut } = response;
        const { inputTokens, outputTokens } = completion.usage;
        assert.deepEqual([usage?.input_tokens, usage?.output_tokens], [inputTokens, outputTokens]);
        assert.equal(cut !== null, completion.reason === 'length' || completion.reason === 'content-filter');
        assert.equal(response.model, 'some-model');
        const back = answerIn(decode({ model: 'm', input: continued(response.output) }, decodeContext).request);
        assert.deepEqual(back, completion.message.content.map(withArguments));
      }),
      { numRuns: 150 },
    );
  });

  it('is told alike after being stored', async () => {
    await fc.assert(
      fc.asyncProperty(someAnswer, async (events) => {
        const { options } = decode({ model: 'm', input: 'hi' }, decodeContext);
        const completion = await foldCompletion(streamOf(events));
        const response = whole([completion], { id: 'abc', createdAt: new Date(0), model: 'm', options });
        const kept = storedResponse(response, completion.message) as ResponseObject & Record<string, unknown>;
        const turn = { input: [{ role: 'user', content: 'hi' }], response: JSON.parse(JSON.stringify(kept)) };
        const calls = continued(kept.output as ResponseInputItem[]).filter(({ type }) => type?.endsWith('_output'));
        const body = withHistory({ model: 'm', input: [...calls, { role: 'user', content: 'And?' }] }, [turn]);
        assert.deepEqual(answerIn(decode(body, decodeContext).request), completion.message.content.map(withArguments));
      }),
      { numRuns: 200 },
    );
  });
});

const someImage: UserPart = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: png } };
const textPart = someText.map((text) => ({ type: 'text' as const, text }));
const someUser: fc.Arbitrary<Message> = fc
  .array(fc.oneof(textPart, fc.constant(someImage)), { minLength: 1, maxLength: 3 })
  .map((content) => ({ role: 'user', content }));
const someResult: fc.Arbitrary<ToolResultPart[]> = fc.array(
  fc.oneof(textPart, fc.constant(someImage as ToolResultPart)),
  { maxLength: 2 },
);
const someTurn: fc.Arbitrary<Message[]> = fc
  .record({
    reasoning: fc.option(someText),
    content: fc.array(
      fc.oneof(
        textPart,
        someText.map((text) => ({ type: 'refusal' as const, text })),
      ),
      { maxLength: 2 },
    ),
    calls: fc.uniqueArray(fc.tuple(someCall, someResult), { maxLength: 3, selector: ([{ id }]) => id }),
    next: fc.array(someUser, { minLength: 1, maxLength: 2 }),
    system: fc.option(textPart),
  })
  .map(({ reasoning, content, calls, next, system }) => {
    const parts: AssistantPart[] = [
      ...(reasoning ? [{ type: 'reasoning' as const, text: reasoning }] : []),
      ...content,
      ...calls.map(([call]) => ({ type: 'tool-call' as const, call })),
    ];
    return [
      ...(parts.length > 0 ? [{ role: 'assistant' as const, content: parts }] : []),
      ...calls.map(([{ id }, result]): Message => ({ role: 'tool', callId: id, content: result })),
      ...(system ? [{ role: 'system' as const, content: [system] }] : []),
      ...next,
    ];
  });
const schema = { type: 'object', properties: { a: { type: 'string' } } };
const someTool: fc.Arbitrary<Tool> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('function' as const),
      name: someName,
      description: someText,
      parameters: fc.constant(schema),
      strict: fc.boolean(),
    },
    { requiredKeys: ['kind', 'name', 'parameters'] },
  ),
  fc.record(
    {
      kind: fc.constant('custom' as const),
      name: someName,
      description: someText,
      grammar: fc.constant({ syntax: 'lark', definition: 'start: INT' }),
    },
    { requiredKeys: ['kind', 'name'] },
  ),
);
const someSettings = fc.record(
  {
    effort: fc.constantFrom('none' as const, 'low' as const, 'xhigh' as const),
    maxOutputTokens: fc.integer({ min: 1, max: 9_999 }),
    temperature: fc.constantFrom(0, 0.5, 1),
    topP: fc.constantFrom(0.1, 1),
    presencePenalty: fc.constantFrom(0, -1),
    frequencyPenalty: fc.constantFrom(0, 2),
    verbosity: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
    parallelToolCalls: fc.boolean(),
    outputFormat: fc.constantFrom(
      { kind: 'json-object' as const },
      { kind: 'json-schema' as const, name: 'x', description: 'X.', schema, strict: true },
    ),
    webSearch: fc.constant(true),
  },
  { requiredKeys: [] },
);
const someRequest = fc
  .record({
    system: fc.option(someText),
    first: someUser,
    turns: fc.array(someTurn, { maxLength: 3 }),
    tools: fc.uniqueArray(someTool, { maxLength: 3, selector: ({ name }) => name }),
    choice: fc.constantFrom(undefined, 'none' as const, 'required' as const, 'tool' as const),
    settings: someSettings,
  })
  .map(({ system, first, turns, tools, choice, settings }): GenerateRequest => {
    const [tool] = tools;
    const toolChoice = choice === 'tool' ? { mode: choice, name: tool?.name ?? '' } : choice && { mode: choice };
    // Without tools there is nothing to choose, and choosing none forbids to search too.
    const { webSearch, ...rest } = settings;
    return {
      model: 'm',
      ...(system !== null && { system }),
      messages: [first, ...turns.flat()],
      tools,
      ...rest,
      ...(webSearch && choice !== 'none' && { webSearch }),
      ...(tool && toolChoice && { toolChoice }),
    };
  });

describe('a request', { timeout: 60_000 }, () => {
  it('means the same said here and in the chat dialect', () => {
    fc.assert(
      fc.property(someRequest, (generated) => {
        // What is generated has no prototype, which is nothing to compare.
        const request = structuredClone(generated);
        const here = decode(sayInResponses(request), decodeContext).request;
        assert.deepEqual(here, request);
        const there = openaiChat.decode(sayInChat(here), decodeContext).request;
        assert.deepEqual(there, request);
      }),
      { numRuns: 400 },
    );
  });
});

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

/** The response that the official client puts together from the frames, and nothing that it adds. */
async function throughClient(source: ReturnType<typeof frames>) {
  let wire = '';
  for await (const frame of source) wire += encodeFrame(frame);
  const client = new OpenAI({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(wire, { headers: { 'content-type': 'text/event-stream' } }),
  });
  const stream = client.responses.stream({ model: 'm', input: 'hi' });
  const { output_parsed: _, ...response } = await stream.finalResponse();
  const output = response.output.map((item): ResponseInputItem => {
    if (item.type === 'function_call') {
      const { parsed_arguments: _, ...call } = item;
      return call;
    }
    if (item.type !== 'message') return item as ResponseInputItem;
    const content = item.content.map((part) =>
      Object.fromEntries(Object.entries(part).filter(([key]) => key !== 'parsed')),
    );
    return { ...item, content } as unknown as ResponseInputItem;
  });
  return { ...response, output };
}

/** An answer's items with an output for each of its calls, as a client sends them back. */
function continued(output: readonly ResponseInputItem[]): ResponseInputItem[] {
  const outputs = output.flatMap((item): ResponseInputItem[] => {
    if (item.type === 'function_call') return [{ type: 'function_call_output', call_id: item.call_id, output: '' }];
    if (item.type === 'custom_tool_call') {
      return [{ type: 'custom_tool_call_output', call_id: item.call_id, output: '' }];
    }
    return [];
  });
  return [{ role: 'user', content: 'hi' }, ...output, ...outputs];
}

function answerIn({ messages }: GenerateRequest): AssistantPart[] {
  return messages.flatMap((message) => (message.role === 'assistant' ? message.content : []));
}

/** A function that takes nothing is called with an empty object on the wire. */
function withArguments(part: AssistantPart): AssistantPart {
  if (part.type === 'reasoning') return JSON.parse(JSON.stringify(part)) as ReasoningPart;
  if (part.type !== 'tool-call' || part.call.kind === 'custom' || part.call.arguments !== '') return part;
  return { ...part, call: { ...part.call, arguments: '{}' } };
}

function sayInResponses(request: GenerateRequest): unknown {
  const { outputFormat: format, toolChoice: choice, tools } = request;
  const said = (part: UserPart) =>
    part.type === 'text'
      ? { type: 'input_text', text: part.text }
      : { type: 'input_image', detail: 'auto', image_url: imageUrl(part) };
  const custom = new Map<string, boolean>();
  const input = request.messages.flatMap((message): unknown[] => {
    if (message.role === 'tool') {
      const type = custom.get(message.callId) ? 'custom_tool_call_output' : 'function_call_output';
      return [{ type, call_id: message.callId, output: message.content.map(said) }];
    }
    if (message.role !== 'assistant')
      return [{ type: 'message', role: message.role, content: message.content.map(said) }];
    return message.content.map((part) => {
      if (part.type === 'reasoning') {
        return { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: part.text }] };
      }
      if (part.type === 'text') {
        return { role: 'assistant', content: [{ type: 'output_text', text: part.text, annotations: [] }] };
      }
      if (part.type === 'refusal') return { role: 'assistant', content: [{ type: 'refusal', refusal: part.text }] };
      const { kind, id, name, arguments: text } = part.call;
      custom.set(id, kind === 'custom');
      return kind === 'custom'
        ? { type: 'custom_tool_call', call_id: id, name, input: text }
        : { type: 'function_call', call_id: id, name, arguments: text };
    });
  });
  return {
    model: request.model,
    instructions: request.system,
    input,
    tools: [
      ...tools.map((tool) =>
        tool.kind === 'function'
          ? { type: 'function', ...without(tool, 'kind') }
          : {
              type: 'custom',
              ...without(tool, 'kind', 'grammar'),
              ...(tool.grammar && { format: { type: 'grammar', ...tool.grammar } }),
            },
      ),
      ...(request.webSearch ? [{ type: 'web_search' }] : []),
    ],
    tool_choice:
      choice?.mode === 'tool'
        ? { type: tools.find(({ name }) => name === choice.name)?.kind, name: choice.name }
        : choice?.mode,
    reasoning: { effort: request.effort },
    text: {
      verbosity: request.verbosity,
      format:
        format &&
        (format.kind === 'json-object' ? { type: 'json_object' } : { type: 'json_schema', ...without(format, 'kind') }),
    },
    max_output_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    parallel_tool_calls: request.parallelToolCalls,
  };
}

function sayInChat(request: GenerateRequest): unknown {
  const { outputFormat: format, toolChoice: choice, tools } = request;
  const said = (part: UserPart) =>
    part.type === 'text' ? part : { type: 'image_url', image_url: { url: imageUrl(part) } };
  const messages = request.messages.map((message) => {
    if (message.role === 'tool') {
      return { role: 'tool', tool_call_id: message.callId, content: message.content.map(said) };
    }
    if (message.role !== 'assistant') return { role: message.role, content: message.content.map(said) };
    const [reasoning] = message.content.flatMap((part) => (part.type === 'reasoning' ? part.text : []));
    const content = message.content.flatMap((part) => {
      if (part.type === 'text') return part;
      return part.type === 'refusal' ? { type: 'refusal', refusal: part.text } : [];
    });
    const calls = message.content.flatMap((part) => {
      if (part.type !== 'tool-call') return [];
      const { kind, id, name, arguments: text } = part.call;
      return kind === 'custom'
        ? { id, type: 'custom', custom: { name, input: text } }
        : { id, type: 'function', function: { name, arguments: text } };
    });
    return { role: 'assistant', content, reasoning_content: reasoning, tool_calls: calls };
  });
  return {
    model: request.model,
    messages: [...(request.system === undefined ? [] : [{ role: 'system', content: request.system }]), ...messages],
    tools: tools.map((tool) =>
      tool.kind === 'function'
        ? { type: 'function', function: without(tool, 'kind') }
        : {
            type: 'custom',
            custom: {
              ...without(tool, 'kind', 'grammar'),
              ...(tool.grammar && { format: { type: 'grammar', grammar: tool.grammar } }),
            },
          },
    ),
    tool_choice:
      choice?.mode === 'tool'
        ? ((kind) => ({ type: kind, [kind]: { name: choice.name } }))(
            tools.find(({ name }) => name === choice.name)?.kind ?? 'function',
          )
        : choice?.mode,
    response_format:
      format &&
      (format.kind === 'json-object'
        ? { type: 'json_object' }
        : { type: 'json_schema', json_schema: without(format, 'kind') }),
    reasoning_effort: request.effort,
    verbosity: request.verbosity,
    max_completion_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    parallel_tool_calls: request.parallelToolCalls,
    web_search_options: request.webSearch ? {} : undefined,
  };
}

function imageUrl(part: UserPart): string {
  assert.ok(part.type === 'image' && part.source.kind === 'base64');
  return `data:${part.source.mediaType};base64,${part.source.data}`;
}

function without<Value extends object, Key extends keyof Value>(
  value: Value,
  ...keys: (Key | 'grammar')[]
): Partial<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !(keys as string[]).includes(key)),
  ) as Partial<Value>;
}
