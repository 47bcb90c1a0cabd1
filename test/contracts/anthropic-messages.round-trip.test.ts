import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import type { Message as WireMessage } from '@anthropic-ai/sdk/resources/messages';
import fc from 'fast-check';
import { foldCompletion } from '../../src/core/completion.ts';
import type { StreamEvent } from '../../src/core/event.ts';
import type { AssistantMessage, AssistantPart, Message, Part } from '../../src/core/message.ts';
import type { GenerateRequest } from '../../src/core/request.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/anthropic-messages.ts';
import { openaiChat } from '../../src/dialects/openai-chat/openai-chat.ts';
import { encodeFrame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';
import { tinyImages } from '../support/tiny-images.ts';

const pdf = Buffer.from('%PDF-1.4').toString('base64');

/** Any text, halves of characters included. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes));
const words = fc.string({ minLength: 1, maxLength: 12 });
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const input = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
/** Such a text in pieces. */
const pieces = fc.array(anyText, { minLength: 1, maxLength: 3 });
const seal = fc.record({ origin: name, signature: words, encrypted: words }, { requiredKeys: ['origin'] });

type Item = (call: number) => StreamEvent[];

const textItem = pieces.map(
  (list): Item =>
    () =>
      list.map((text) => ({ type: 'text-delta', text })),
);
const refusalItem = pieces.map(
  (list): Item =>
    () =>
      list.map((text) => ({ type: 'refusal-delta', text })),
);
const reasoningItem = fc.tuple(fc.array(anyText, { maxLength: 3 }), fc.option(seal)).map(
  ([list, end]): Item =>
    () => [
      ...list.map((text): StreamEvent => ({ type: 'reasoning-delta', text })),
      ...(end ? [{ type: 'reasoning-end' as const, ...end }] : []),
    ],
);
const callItem = fc.tuple(name, anyText, input, fc.nat(20)).map(
  ([tool, id, value, cut]): Item =>
    (index) => {
      const call = { kind: 'function' as const, id: `${index}${id}`, name: tool, arguments: JSON.stringify(value) };
      return [
        { type: 'tool-call-start', index, kind: call.kind, id: call.id, name: tool },
        { type: 'tool-call-delta', index, arguments: call.arguments.slice(0, cut) },
        { type: 'tool-call-delta', index, arguments: call.arguments.slice(cut) },
        { type: 'tool-call-end', index, call },
      ];
    },
);
const customItem = fc.tuple(name, pieces).map(
  ([tool, list]): Item =>
    (index) => [
      { type: 'tool-call-start', index, kind: 'custom', id: `${index}`, name: tool },
      ...list.map((text): StreamEvent => ({ type: 'tool-call-delta', index, arguments: text })),
      { type: 'tool-call-end', index, call: { kind: 'custom', id: `${index}`, name: tool, arguments: list.join('') } },
    ],
);
const count = fc.nat(1_000);
const finish = fc
  .record({
    reason: fc.constantFrom('stop', 'length', 'tool-calls', 'content-filter'),
    read: count,
    rest: count,
    output: count,
  })
  .map(({ reason, read, rest, output }): StreamEvent => {
    const usage = { inputTokens: read + rest, outputTokens: output, cacheReadTokens: read, reasoningTokens: output };
    return { type: 'finish', reason, usage };
  });

function answerOf(items: fc.Arbitrary<Item>): fc.Arbitrary<StreamEvent[]> {
  return fc
    .tuple(fc.array(items, { maxLength: 6 }), finish, fc.array(words, { maxLength: 2 }))
    .map(([list, end, urls]) => [
      { type: 'start', model: 'm' },
      ...list.flatMap((item, index) => item(index)),
      ...urls.map(
        (url, start): StreamEvent => ({ type: 'citation', citation: { url, title: url, start, end: start + 1 } }),
      ),
      end,
    ]);
}

async function* streamOf(events: StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

/** What the official client makes of the stream, and the answer in one piece. */
async function tell(
  events: StreamEvent[],
  showsThinking: boolean,
): Promise<[streamed: WireMessage, whole: WireMessage]> {
  const context = { id: 'abc', createdAt: new Date(), model: 'm', options: { showsThinking } };
  let wire = '';
  for await (const frame of anthropicMessages.frames([streamOf(events)], context)) wire += encodeFrame(frame);
  const client = new Anthropic({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(wire, { headers: { 'content-type': 'text/event-stream' } }),
  });
  const hello = { role: 'user' as const, content: 'hi' };
  const streamed = await client.messages.stream({ model: 'm', max_tokens: 1, messages: [hello] }).finalMessage();
  const whole = anthropicMessages.whole([await foldCompletion(streamOf(events))], context);
  const { parsed_output: _, ...message } = streamed;
  return [JSON.parse(JSON.stringify(message)), JSON.parse(JSON.stringify(whole))];
}

describe('anthropic-messages, there and back', { timeout: 60_000 }, () => {
  it('tells any answer alike in a stream and whole', async () => {
    const items = fc.oneof(textItem, refusalItem, reasoningItem, callItem, customItem);
    await fc.assert(
      fc.asyncProperty(answerOf(items), fc.boolean(), async (events, showsThinking) => {
        const [streamed, whole] = await tell(events, showsThinking);
        assert.deepEqual(streamed, whole);
      }),
      { numRuns: 300 },
    );
  });

  it('takes any answer back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        answerOf(fc.oneof(textItem, reasoningItem, callItem)),
        fc.boolean(),
        async (events, showsThinking) => {
          const [{ content }] = await tell(events, showsThinking);
          const { message } = await foldCompletion(streamOf(events));
          const calls = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
          const results = calls.map((id) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' }));
          const { messages } = anthropicMessages.decode(
            {
              model: 'm',
              max_tokens: 1,
              messages: [
                { role: 'user', content: 'hi' },
                { role: 'assistant', content },
                { role: 'user', content: [...results, { type: 'text', text: 'Go on.' }] },
              ],
            },
            decodeContext,
          ).request;
          const answer = messages[1]?.role === 'assistant' ? messages[1].content : [];
          assert.deepEqual(answer, remembered(message, showsThinking));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('means the same as the chat dialect, where both can say it', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const here = anthropicMessages.decode(inMessages(request), decodeContext).request;
        assert.deepEqual(here, request);
        assert.deepEqual(openaiChat.decode(inChat(request), decodeContext).request, here);
      }),
      { numRuns: 500 },
    );
  });
});

/** What a conversation keeps of an answer: all but reasoning that says nothing and that nobody can want back. */
function remembered({ content }: AssistantMessage, showsThinking: boolean): AssistantPart[] {
  return content.filter((part) => {
    if (part.type !== 'reasoning') return true;
    if (part.text !== '') return showsThinking || part.origin !== undefined;
    return part.signature !== undefined || part.encrypted !== undefined;
  });
}

const textPart = words.map((text) => ({ type: 'text' as const, text }));
const image = fc.constantFrom('image/png' as const, 'image/gif' as const).map((mediaType) => ({
  type: 'image' as const,
  source: { kind: 'base64' as const, mediaType, data: tinyImages[mediaType] },
}));
const file = fc.option(name, { nil: undefined }).map((title) => ({
  type: 'file' as const,
  mediaType: 'application/pdf',
  data: pdf,
  ...(title && { name: title }),
}));
const saidParts = fc.array(fc.oneof(textPart, image, file), { minLength: 1, maxLength: 3 });
const turn = fc
  .record({
    user: saidParts,
    system: fc.option(textPart),
    reasoning: fc.option(words),
    text: textPart,
    calls: fc.array(
      fc.record({ tool: name, value: input, result: fc.array(fc.oneof(textPart, image), { maxLength: 2 }) }),
      {
        maxLength: 2,
      },
    ),
  })
  .map(({ user, system, reasoning, text, calls }): Message[] => [
    { role: 'user', content: user },
    ...(system ? [{ role: 'system' as const, content: [system] }] : []),
    {
      role: 'assistant',
      content: [
        ...(reasoning ? [{ type: 'reasoning' as const, text: reasoning }] : []),
        text,
        ...calls.map(({ tool, value }, index) => ({
          type: 'tool-call' as const,
          call: { kind: 'function' as const, id: `call|${index}`, name: tool, arguments: JSON.stringify(value) },
        })),
      ],
    },
    ...calls.map(({ result }, index): Message => ({ role: 'tool', callId: `call|${index}`, content: result })),
  ]);
const tools = fc.uniqueArray(fc.record({ name, description: fc.option(words, { nil: undefined }) }), {
  selector: (tool) => tool.name,
  minLength: 1,
  maxLength: 3,
});
const settings = fc.record(
  {
    system: words,
    maxOutputTokens: fc.integer({ min: 1, max: 1_000_000 }),
    temperature: fc.double({ min: 0, max: 1, noNaN: true }),
    topP: fc.double({ min: 0, max: 1, noNaN: true }),
    stop: fc.array(words, { minLength: 1, maxLength: 3 }),
    effort: fc.constantFrom('none', 'low', 'medium', 'high', 'xhigh', 'max'),
    parallelToolCalls: fc.boolean(),
    toolChoice: fc.constantFrom('none', 'required', 'tool'),
    webSearch: fc.constant(true),
    outputFormat: fc.constant({
      kind: 'json-schema' as const,
      name: 'output',
      schema: { type: 'object', additionalProperties: false },
      strict: true,
    }),
  },
  { requiredKeys: ['maxOutputTokens'] },
);
/** Requests that both dialects can make. */
const anyRequest = fc
  .tuple(fc.array(turn, { maxLength: 3 }), saidParts, tools, settings)
  .map(([turns, user, list, { toolChoice: mode, ...rest }]): GenerateRequest => {
    const [first] = list;
    const choice = mode === 'tool' ? { mode, name: first?.name ?? '' } : mode && { mode };
    return {
      model: 'm',
      ...JSON.parse(JSON.stringify(rest)),
      messages: [...turns.flat(), { role: 'user', content: user }],
      tools: list.map((tool) => ({
        kind: 'function',
        name: tool.name,
        ...(tool.description && { description: tool.description }),
        parameters: { type: 'object', properties: {} },
      })),
      ...(choice && { toolChoice: choice }),
    };
  });

/** The request in this dialect. */
function inMessages(request: GenerateRequest): unknown {
  const { toolChoice: choice, parallelToolCalls: parallel, effort, outputFormat: format } = request;
  const types = { none: 'none', required: 'any', tool: 'tool', auto: 'auto' };
  return {
    model: request.model,
    system: request.system,
    messages: request.messages.map((message) => {
      if (message.role !== 'tool') return { role: message.role, content: message.content.map(toBlock) };
      const content = message.content.map(toBlock);
      return { role: 'user', content: [{ type: 'tool_result', tool_use_id: message.callId, content }] };
    }),
    tools: [
      ...request.tools.map((tool) => ({
        name: tool.name,
        description: tool.description,
        input_schema: tool.kind === 'function' ? tool.parameters : undefined,
      })),
      ...(request.webSearch ? [{ type: 'web_search_20250305', name: 'web_search' }] : []),
    ],
    tool_choice:
      choice || parallel !== undefined
        ? {
            type: types[choice?.mode ?? 'auto'],
            name: choice?.mode === 'tool' ? choice.name : undefined,
            disable_parallel_tool_use: parallel === undefined ? undefined : !parallel,
          }
        : undefined,
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop_sequences: request.stop,
    thinking: effort === 'none' ? { type: 'disabled' } : undefined,
    output_config: {
      effort: effort === 'none' ? undefined : effort,
      format: format?.kind === 'json-schema' ? { type: 'json_schema', schema: format.schema } : undefined,
    },
  };
}

function toBlock(part: Part): unknown {
  switch (part.type) {
    case 'text':
      return part;
    case 'image':
      assert.equal(part.source.kind, 'base64');
      return { type: 'image', source: { type: 'base64', media_type: part.source.mediaType, data: part.source.data } };
    case 'file':
      return {
        type: 'document',
        title: part.name,
        source: { type: 'base64', media_type: part.mediaType, data: part.data },
      };
    case 'reasoning':
      return { type: 'thinking', thinking: part.text, signature: '' };
    case 'tool-call':
      return { type: 'tool_use', id: part.call.id, name: part.call.name, input: JSON.parse(part.call.arguments) };
    default:
      throw new Error(`no block for ${part.type}`);
  }
}

/** The request in the chat dialect. */
function inChat(request: GenerateRequest): unknown {
  const { toolChoice: choice, outputFormat: format } = request;
  return {
    model: request.model,
    messages: [
      ...(request.system === undefined ? [] : [{ role: 'system', content: request.system }]),
      ...request.messages.map((message) => ({
        role: message.role,
        tool_call_id: message.role === 'tool' ? message.callId : undefined,
        content: message.content.flatMap(toChatPart),
        reasoning_content: message.content.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
        tool_calls:
          message.role !== 'assistant'
            ? undefined
            : message.content.flatMap((part) =>
                part.type === 'tool-call'
                  ? [
                      {
                        id: part.call.id,
                        type: 'function',
                        function: { name: part.call.name, arguments: part.call.arguments },
                      },
                    ]
                  : [],
              ),
      })),
    ],
    tools: request.tools.map((tool) => ({
      type: 'function',
      function: {
        name: tool.name,
        description: tool.description,
        parameters: tool.kind === 'function' && tool.parameters,
      },
    })),
    tool_choice: choice?.mode === 'tool' ? { type: 'function', function: { name: choice.name } } : choice?.mode,
    parallel_tool_calls: request.parallelToolCalls,
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop: request.stop,
    reasoning_effort: request.effort,
    web_search_options: request.webSearch ? {} : undefined,
    response_format: format?.kind === 'json-schema' ? { type: 'json_schema', json_schema: format } : undefined,
  };
}

function toChatPart(part: Part): unknown[] {
  if (part.type === 'text') return [part];
  if (part.type === 'image' && part.source.kind === 'base64') {
    return [{ type: 'image_url', image_url: { url: `data:${part.source.mediaType};base64,${part.source.data}` } }];
  }
  return part.type === 'file' ? [{ type: 'file', file: { file_data: part.data, filename: part.name } }] : [];
}
