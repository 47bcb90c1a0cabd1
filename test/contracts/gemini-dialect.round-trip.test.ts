import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GenerateContentResponse, Part } from '@google/genai';
import fc from 'fast-check';
import { type Completion, foldCompletion } from '../../src/core/completion.ts';
import type { Citation, StreamEvent } from '../../src/core/event.ts';
import type { AssistantPart, Message, ToolResultPart, UserPart } from '../../src/core/message.ts';
import type { Effort, GenerateRequest } from '../../src/core/request.ts';
import type { ToolCall } from '../../src/core/tool.ts';
import { gemini } from '../../src/dialects/gemini/gemini.ts';
import { openaiChat } from '../../src/dialects/openai-chat/openai-chat.ts';
import { encodeFrame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';
import { requestLimits } from '../support/request-limits.ts';
import { clientOf, decodeAt, pdf, png } from './gemini-dialect.fixtures.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('\0', '\ud800x', '</system>', ' \n'),
);
const name = fc.stringMatching(/^[a-z_][a-zA-Z0-9_.:-]{0,30}$/);
const args = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const setting = <K extends string, T>(key: K, value: fc.Arbitrary<T>) =>
  maybe(value).map((one) => (one === undefined ? {} : { [key]: one }) as { [key in K]?: T });

/** A call with an id that no other call of the same number has. */
const callWith = (place: number) =>
  fc
    .record({ prefix: fc.string(), name, args })
    .map(({ prefix, name, args }): ToolCall => ({ kind: 'function', id: `${prefix}#${place}`, name, arguments: args }));

type Step = (index: number) => { events: StreamEvent[]; isCall?: true };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(text, fc.array(fc.oneof(text, fc.constant('')))).map(([first, rest]) => () => ({
    events: [first, ...rest].map((one): StreamEvent => ({ type: 'text-delta', text: one })),
  })),
  text.map((one) => () => ({ events: [{ type: 'refusal-delta', text: one }] as StreamEvent[] })),
  fc
    .record({
      texts: fc.array(text),
      seal: maybe(fc.record({ origin: text, signature: text, encrypted: text }, { requiredKeys: ['origin'] })),
    })
    .map(({ texts, seal }) => () => ({
      events: [
        ...texts.map((one): StreamEvent => ({ type: 'reasoning-delta', text: one })),
        ...(seal ? [{ type: 'reasoning-end', ...seal } as StreamEvent] : []),
      ],
    })),
  fc.record({ prefix: fc.string(), name, args }).map(
    ({ prefix, name, args }): Step =>
      (index) => {
        const id = `${prefix}#${index}`;
        const call = { kind: 'function', id, name, arguments: args } as const;
        return {
          events: [
            { type: 'tool-call-start', index, kind: 'function', id, name },
            { type: 'tool-call-delta', index, arguments: args },
            { type: 'tool-call-end', index, call },
          ],
          isCall: true,
        };
      },
  ),
);

const ending = fc.record({
  reason: fc.constantFrom('stop', 'length', 'content-filter'),
  input: fc.nat(),
  output: fc.nat(),
  reasoning: fc.nat(),
  citations: fc.array(fc.record({ url: fc.webUrl(), title: text, from: fc.nat(), length: fc.nat() })),
} as const);

/** An answer as events. */
const answer = fc.tuple(fc.array(step), ending).map(([steps, { reason, input, output, reasoning, citations }]) => {
  const events: StreamEvent[] = [{ type: 'start', model: 'real' }];
  let calls = 0;
  for (const make of steps) {
    const made = make(calls);
    if (made.isCall) calls += 1;
    events.push(...made.events);
  }
  const said = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  // Citations begin and end between characters.
  const characters = [...said];
  const at = (count: number) => characters.slice(0, count).join('').length;
  for (const { url, title, from, length } of citations) {
    const start = from % (characters.length + 1);
    const end = start + (length % (characters.length - start + 1));
    events.push({ type: 'citation', citation: { url, title, start: at(start), end: at(end) } });
  }
  const usage = { inputTokens: input, outputTokens: output + reasoning, reasoningTokens: reasoning };
  events.push({ type: 'finish', reason: calls > 0 && reason === 'stop' ? 'tool-calls' : reason, usage });
  return events;
});

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

/** What comes back in the next request of a client that keeps the answer, and what the client itself has read. */
function readBack(pieces: GenerateContentResponse[], keepsThoughts: boolean): Completion {
  const candidates = pieces.flatMap((piece) => piece.candidates ?? []);
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  const kept = parts.filter(({ thought }) => keepsThoughts || !thought);
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
  const contents = [
    { role: 'user', parts: [{ text: 'hi' }] },
    { role: 'model', parts: kept },
    { role: 'user', parts: [...calls.map(({ id, name }) => ({ functionResponse: { id, name } })), { text: 'on' }] },
  ];
  const { messages } = decodeAt({ contents }, 'm:generateContent', requestLimits).request;
  const message = messages.find(({ role }) => role === 'assistant') ?? { role: 'assistant', content: [] };
  assert.ok(message.role === 'assistant');
  const reasons = {
    STOP: calls.length > 0 ? 'tool-calls' : 'stop',
    MAX_TOKENS: 'length',
    SAFETY: 'content-filter',
  } as const;
  const ends = candidates.flatMap(({ finishReason }) => finishReason ?? []);
  assert.equal(ends.length, 1);
  const counts = pieces.findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata ?? {};
  const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = counts;
  assert.equal(counts.totalTokenCount, promptTokenCount + candidatesTokenCount + thoughtsTokenCount);
  return {
    model: pieces.at(-1)?.modelVersion ?? '',
    message,
    citations: citationsOf(parts, pieces),
    reason: reasons[ends[0] as keyof typeof reasons],
    stopSequence: undefined,
    usage: {
      inputTokens: promptTokenCount,
      outputTokens: candidatesTokenCount + thoughtsTokenCount,
      reasoningTokens: thoughtsTokenCount,
    },
  };
}

function citationsOf(parts: Part[], pieces: GenerateContentResponse[]): Citation[] {
  const said = parts.map((part) => (part.thought || part.partMetadata ? '' : (part.text ?? ''))).join('');
  const metadata = pieces.flatMap((piece) => piece.candidates?.[0]?.groundingMetadata ?? []);
  return metadata.flatMap(({ groundingChunks = [], groundingSupports = [] }) =>
    groundingSupports.flatMap(({ segment, groundingChunkIndices = [] }) =>
      groundingChunkIndices.map((place) => {
        const { uri: url = '', title = '' } = groundingChunks[place]?.web ?? {};
        const start = utf16Offset(said, segment?.startIndex ?? 0);
        assert.equal(segment?.text, said.slice(start, utf16Offset(said, segment?.endIndex ?? 0)));
        return { url, title, start, end: start + (segment?.text?.length ?? 0) };
      }),
    ),
  );
}

function utf16Offset(said: string, bytes: number): number {
  let offset = 0;
  for (const character of said) {
    if (bytes <= 0) break;
    bytes -= Buffer.byteLength(character);
    offset += character.length;
  }
  return offset;
}

/** Empty pieces leave no trace, arguments come as objects, and citations in the order of their places. */
function settled(completion: Completion): Completion {
  const content: AssistantPart[] = [];
  for (const part of completion.message.content) {
    const last = content.at(-1);
    if (part.type === 'tool-call') {
      const call = { ...part.call, arguments: JSON.stringify(JSON.parse(part.call.arguments)) };
      content.push({ type: 'tool-call', call });
    } else if (part.type !== 'reasoning' && part.text === '') continue;
    else if (last?.type === part.type && !('origin' in last))
      content[content.length - 1] = { ...last, ...part, text: last.text + part.text };
    else content.push(part);
  }
  const order = (one: Citation) => JSON.stringify([one.start, one.end, one.url, one.title]);
  const citations = completion.citations.toSorted((one, other) => (order(one) < order(other) ? -1 : 1));
  return { ...completion, message: { role: 'assistant', content }, citations };
}

const user = fc
  .array(
    fc.oneof(
      text.map((one): UserPart => ({ type: 'text', text: one })),
      fc.constant<UserPart>({ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: png } }),
      maybe(text).map(
        (file): UserPart => ({ type: 'file', mediaType: 'application/pdf', data: pdf, ...(file && { name: file }) }),
      ),
      fc.constantFrom('wav', 'mp3', 'flac').map((format): UserPart => ({ type: 'audio', format, data: 'AAAA' })),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((content): Message[] => [{ role: 'user', content }]);

const resultParts = fc
  .record({ text: maybe(text), images: fc.nat(2) })
  .map(({ text, images }): ToolResultPart[] => [
    ...(text === undefined ? [] : [{ type: 'text', text } as const]),
    ...Array.from(
      { length: images },
      (): ToolResultPart => ({ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: png } }),
    ),
  ]);

/** A turn of the model with the results of its calls, or a call answered out of order. */
const turn = fc
  .record({
    reasoning: maybe(text),
    text: maybe(text),
    refusal: maybe(text),
    calls: fc
      .array(fc.tuple(fc.nat(), resultParts), { maxLength: 3 })
      .chain((list) =>
        fc.tuple(...list.map(([, content], place) => callWith(place).map((call) => ({ call, content })))),
      ),
  })
  .map(({ reasoning, text, refusal, calls }): Message[] => {
    const content: AssistantPart[] = [
      ...(reasoning === undefined ? [] : [{ type: 'reasoning', text: reasoning } as const]),
      ...(text === undefined ? [] : [{ type: 'text', text } as const]),
      ...(refusal === undefined ? [] : [{ type: 'refusal', text: refusal } as const]),
      ...calls.map(({ call }) => ({ type: 'tool-call', call }) as const),
    ];
    const results = calls
      .toReversed()
      .map(({ call, content }): Message => ({ role: 'tool', callId: call.id, content }));
    return content.length > 0 ? [{ role: 'assistant', content }, ...results] : [];
  });

const schema = fc.constantFrom(
  { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
  { type: 'object', properties: { b: { type: ['integer', 'null'], enum: [1, 2, null] } }, additionalProperties: false },
);

/** What both dialects can say of a request. */
const request = fc
  .record({
    turns: fc.array(fc.tuple(user, turn), { maxLength: 3 }),
    last: user,
    system: setting('system', text),
    tools: fc.uniqueArray(fc.record({ name, description: maybe(text), parameters: schema }), {
      selector: (tool) => tool.name,
      maxLength: 3,
    }),
    choice: fc.constantFrom('auto', 'none', 'required', 'tool'),
    settings: fc.tuple(
      setting('effort', fc.constantFrom<Effort>('none', 'minimal', 'low', 'medium', 'high', 'xhigh')),
      setting('maxOutputTokens', fc.integer({ min: 1 })),
      setting('temperature', fc.double({ min: 0, max: 2, noNaN: true })),
      setting('topP', fc.double({ min: 0, max: 1, noNaN: true })),
      setting('stop', fc.array(text, { minLength: 1, maxLength: 4 })),
      setting('seed', fc.integer()),
      setting('presencePenalty', fc.double({ min: -2, max: 2, noNaN: true })),
      setting('frequencyPenalty', fc.double({ min: -2, max: 2, noNaN: true })),
      setting(
        'outputFormat',
        fc.oneof(
          fc.constant({ kind: 'json-object' as const }),
          schema.map((one) => ({ kind: 'json-schema' as const, name: 'response', schema: one, strict: false })),
        ),
      ),
      setting('webSearch', fc.constant(true)),
    ),
  })
  .map(({ turns, last, system, tools, choice, settings }): GenerateRequest => {
    const request: GenerateRequest = {
      model: 'm',
      ...system,
      messages: [...turns.flat(2), ...last],
      tools: tools.map(({ description, ...tool }) => ({
        kind: 'function',
        ...tool,
        ...(description && { description }),
      })),
      ...Object.assign({}, ...settings),
    };
    const [first] = tools;
    if (first && choice === 'tool') request.toolChoice = { mode: 'tool', name: first.name };
    else if (first && choice !== 'auto' && choice !== 'tool') request.toolChoice = { mode: choice };
    return request;
  });

const budgets: Record<Effort, number> = {
  none: 0,
  minimal: 512,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 30_000,
  max: 32_768,
};

/** A request in the words of this API. */
function asGemini({
  messages,
  system,
  tools,
  toolChoice,
  effort,
  stop,
  outputFormat,
  webSearch,
  ...rest
}: GenerateRequest): object {
  const { model: _, maxOutputTokens, temperature, topP, seed, presencePenalty, frequencyPenalty } = rest;
  const names = new Map<string, string>();
  const media = (part: UserPart | ToolResultPart): object => {
    if (part.type === 'text') return { text: part.text };
    if (part.type === 'audio') return { inlineData: { mimeType: `audio/${part.format}`, data: part.data } };
    if (part.type === 'file')
      return { inlineData: { mimeType: part.mediaType, data: part.data, displayName: part.name } };
    assert.ok(part.source.kind === 'base64');
    return { inlineData: { mimeType: part.source.mediaType, data: part.source.data } };
  };
  const answered = (part: AssistantPart): object => {
    if (part.type === 'text') return { text: part.text };
    if (part.type === 'reasoning') return { text: part.text, thought: true };
    if (part.type === 'refusal') return { text: part.text, partMetadata: { refusal: true } };
    const { id, name, arguments: args } = part.call;
    names.set(id, name);
    return { functionCall: { id, name, args: JSON.parse(args) } };
  };
  const modes = { auto: 'AUTO', none: 'NONE', required: 'ANY', tool: 'ANY' } as const;
  return {
    contents: messages.map((message) => {
      if (message.role === 'assistant') return { role: 'model', parts: message.content.map(answered) };
      if (message.role !== 'tool') return { role: 'user', parts: message.content.map(media) };
      const [first] = message.content;
      const output = first?.type === 'text' ? first.text : undefined;
      const parts = message.content.slice(output === undefined ? 0 : 1).map(media);
      const functionResponse = { id: message.callId, name: names.get(message.callId), response: { output }, parts };
      return { role: 'user', parts: [{ functionResponse }] };
    }),
    ...(system !== undefined && { systemInstruction: { parts: [{ text: system }] } }),
    tools: [
      {
        functionDeclarations: tools.map((tool) => ({
          name: tool.name,
          description: tool.description,
          parametersJsonSchema: tool.kind === 'function' ? tool.parameters : {},
        })),
        ...(webSearch && { googleSearch: {} }),
      },
    ],
    ...(toolChoice && {
      toolConfig: {
        functionCallingConfig: {
          mode: modes[toolChoice.mode],
          ...(toolChoice.mode === 'tool' && { allowedFunctionNames: [toolChoice.name] }),
        },
      },
    }),
    generationConfig: {
      maxOutputTokens,
      temperature,
      topP,
      seed,
      presencePenalty,
      frequencyPenalty,
      stopSequences: stop,
      ...(effort && { thinkingConfig: { thinkingBudget: budgets[effort] } }),
      ...(outputFormat && { responseMimeType: 'application/json' }),
      ...(outputFormat?.kind === 'json-schema' && { responseJsonSchema: outputFormat.schema }),
    },
  };
}

/** The same request in the words of the chat API. */
function asChat({
  messages,
  system,
  tools,
  toolChoice,
  stop,
  outputFormat,
  webSearch,
  ...rest
}: GenerateRequest): object {
  const { model, effort, maxOutputTokens, temperature, topP, seed, presencePenalty, frequencyPenalty } = rest;
  const media = (part: UserPart | ToolResultPart): object => {
    if (part.type === 'text') return part;
    if (part.type === 'audio') return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
    if (part.type === 'file') return { type: 'file', file: { file_data: part.data, filename: part.name } };
    assert.ok(part.source.kind === 'base64');
    return { type: 'image_url', image_url: { url: `data:${part.source.mediaType};base64,${part.source.data}` } };
  };
  const said = (content: AssistantPart[], type: 'text' | 'reasoning' | 'refusal') =>
    content.flatMap((part) => (part.type === type ? part.text : [])).at(0);
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      ...messages.map((message) => {
        if (message.role === 'tool') {
          return { role: 'tool', tool_call_id: message.callId, content: message.content.map(media) };
        }
        if (message.role !== 'assistant') return { role: 'user', content: message.content.map(media) };
        const calls = message.content.flatMap((part) => (part.type === 'tool-call' ? part.call : []));
        return {
          role: 'assistant',
          content: said(message.content, 'text'),
          reasoning_content: said(message.content, 'reasoning'),
          refusal: said(message.content, 'refusal'),
          tool_calls: calls.map(({ id, name, arguments: args }) => ({
            id,
            type: 'function',
            function: { name, arguments: JSON.stringify(JSON.parse(args)) },
          })),
        };
      }),
    ],
    tools: tools.map(({ kind: _, ...tool }) => ({ type: 'function', function: tool })),
    tool_choice:
      toolChoice?.mode === 'tool' ? { type: 'function', function: { name: toolChoice.name } } : toolChoice?.mode,
    stop,
    reasoning_effort: effort,
    max_tokens: maxOutputTokens,
    temperature,
    top_p: topP,
    seed,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    ...(webSearch && { web_search_options: {} }),
    ...(outputFormat?.kind === 'json-object' && { response_format: { type: 'json_object' } }),
    ...(outputFormat?.kind === 'json-schema' && {
      response_format: { type: 'json_schema', json_schema: { name: outputFormat.name, schema: outputFormat.schema } },
    }),
  };
}

describe('gemini: round trips', { timeout: 120_000 }, () => {
  for (const keepsThoughts of [true, false]) {
    it(`gives an answer back as it was, to a client that ${keepsThoughts ? 'keeps' : 'drops'} thoughts`, async () => {
      await fc.assert(
        fc.asyncProperty(answer, async (events) => {
          const completion = await foldCompletion(streamOf(events));
          // Unsigned thoughts that a client drops are gone.
          const content = completion.message.content.filter(
            (part) => keepsThoughts || part.type !== 'reasoning' || part.origin,
          );
          const expected = settled({ ...completion, message: { role: 'assistant', content } });
          const options = { framing: 'sse', includeThoughts: true } as const;
          const context = { id: 'abc', createdAt: new Date(), model: 'm', options };
          const asked = { model: 'm', contents: 'hi' };

          const frames = await Array.fromAsync(gemini.frames([streamOf(events)], context), encodeFrame);
          const streamed = await clientOf(() => frames.join('')).models.generateContentStream(asked);
          assert.deepEqual(settled(readBack(await Array.fromAsync(streamed), keepsThoughts)), expected);

          const body = JSON.stringify(gemini.whole([completion], context));
          const whole = await clientOf(() => body).models.generateContent(asked);
          assert.deepEqual(settled(readBack([whole], keepsThoughts)), expected);
        }),
        { numRuns: 150 },
      );
    });
  }

  it('means by a request what the chat API means by the same', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const limits = { images: { count: 100, bytes: 1_000_000 } };
        const here = decodeAt(JSON.parse(JSON.stringify(asGemini(asked))), 'm:generateContent', limits);
        const there = openaiChat.decode(JSON.parse(JSON.stringify(asChat(asked))), { ...decodeContext, limits });
        assert.deepEqual(here.request, there.request);
        assert.deepEqual(here.request, JSON.parse(JSON.stringify(normal(asked))));
      }),
      { numRuns: 150 },
    );
  });
});

/** Arguments in one spelling. */
function normal(request: GenerateRequest): GenerateRequest {
  return {
    ...request,
    messages: request.messages.map((message) =>
      message.role === 'assistant'
        ? {
            ...message,
            content: message.content.map((part) =>
              part.type === 'tool-call'
                ? { ...part, call: { ...part.call, arguments: JSON.stringify(JSON.parse(part.call.arguments)) } }
                : part,
            ),
          }
        : message,
    ),
  };
}
