import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Candidate, GenerateContentResponse, Part } from '@google/genai';
import { foldCompletion } from '../../src/core/completion.ts';
import { GatewayError } from '../../src/core/error.ts';
import type { FinishReason, StreamEvent } from '../../src/core/event.ts';
import type { ErrorBody } from '../../src/dialects/gemini/error.ts';
import { gemini } from '../../src/dialects/gemini/gemini.ts';
import type { GeminiResponse } from '../../src/dialects/gemini/response.ts';
import { encodeFrame, type Frame } from '../../src/stream/sse.ts';
import { requestLimits } from '../support/request-limits.ts';
import { dialectContract, type Seen } from './dialect.ts';
import { clientBodies, clientOf, decodeAt, png, snakeBody } from './gemini-dialect.fixtures.ts';
import { model, type SeenChoice, scenarios } from './scenarios.ts';

const hello = { role: 'user', parts: [{ text: 'hi' }] };
const body = (extra: object): unknown => ({ contents: [hello], ...extra });
const contents = (...list: unknown[]): unknown => ({ contents: list });
const user = (...parts: unknown[]): unknown => ({ role: 'user', parts });
const spoken = (...parts: unknown[]): unknown => ({ role: 'model', parts });
const part = (value: unknown): unknown => contents(user({ text: 'a' }, value));
const image = (data: unknown): unknown => part({ inlineData: { mimeType: 'image/png', data } });
const config = (generationConfig: object): unknown => body({ generationConfig });
const functions = (...functionDeclarations: unknown[]): unknown => body({ tools: [{ functionDeclarations }] });
const calling = (functionCallingConfig: object): unknown =>
  body({ tools: [{ functionDeclarations: [{ name: 'f' }] }], toolConfig: { functionCallingConfig } });
const call = (fields: object = {}): unknown => ({ functionCall: { name: 'f', ...fields } });
const response = (fields: object = {}): unknown => ({ functionResponse: { name: 'f', response: {}, ...fields } });
const imageData = 'contents[0].parts[1].inlineData.data';

dialectContract('gemini', {
  dialect: { ...gemini, decode: (value, { limits }) => decodeAt(value, 'm:generateContent', limits) },
  options: { framing: 'sse', includeThoughts: true },
  label,
  sequences: {
    text: ['head', 'text', 'text', 'STOP, usage'],
    nothing: ['head', 'STOP, usage'],
    'reasoning, then text': ['head', 'thought', 'thought', 'text, signed', 'STOP, usage'],
    'two parallel calls': ['head', 'text', 'call', 'call', 'STOP, usage'],
    'a call without arguments': ['head', 'call', 'STOP, usage'],
    'a call whose arguments come at once': ['head', 'call', 'STOP, usage'],
    'a custom call': ['head', 'call', 'STOP, usage'],
    'a refusal': ['head', 'refusal', 'STOP, usage'],
    'a cited text': ['head', 'text', 'STOP, grounded, usage'],
    'a text cut for length': ['head', 'text', 'MAX_TOKENS, usage'],
    'a filtered text': ['head', 'text', 'SAFETY, usage'],
  },
  twoChoices: ['head', 'text', 'text', 'STOP', 'text of 1', 'call of 1', 'call of 1', 'STOP, usage of 1'],
  assemble,
  read: (whole) => readAnswers([whole as GenerateContentResponse]),
  errorMessage: (value) => (value as ErrorBody).error.message,
  bodies: [...clientBodies, snakeBody],
  malformed: {
    'a body that is no object': { body: [], param: undefined },
    'no contents': { body: {}, param: 'contents' },
    'contents that are text': { body: { contents: 'hi' }, param: 'contents' },
    'empty contents': { body: { contents: [] }, param: 'contents' },
    'contents that say nothing': { body: contents(spoken()), param: 'contents' },
    'a content that is no object': { body: contents(hello, 'hi'), param: 'contents[1]' },
    'an unknown role': { body: contents({ role: 'robot', parts: [] }), param: 'contents[0].role' },
    'parts that are text': { body: contents({ role: 'user', parts: 'hi' }), param: 'contents[0].parts' },
    'a part that is no object': { body: part('a'), param: 'contents[0].parts[1]' },
    'an unknown part': { body: part({ video: {} }), param: 'contents[0].parts[1]' },
    'text that is no text': { body: part({ text: 1 }), param: 'contents[0].parts[1].text' },
    'an image that is text': { body: image('aGVsbG8='), param: imageData, kind: 'invalid-image' },
    'an image in bad base64': { body: image(`!${png}`), param: imageData, kind: 'invalid-image' },
    'an empty image': { body: image(''), param: imageData, kind: 'invalid-image' },
    'an image without its data': { body: part({ inlineData: { mimeType: 'image/png' } }), param: imageData },
    'data without its type': {
      body: part({ inlineData: { data: png } }),
      param: 'contents[0].parts[1].inlineData.mimeType',
    },
    'a video': {
      body: part({ inline_data: { mime_type: 'video/mp4', data: png } }),
      param: 'contents[0].parts[1].inline_data.mime_type',
    },
    'a file that is no PDF': {
      body: part({ inlineData: { mimeType: 'application/pdf', data: png } }),
      param: imageData,
    },
    'sound in bad base64': { body: part({ inlineData: { mimeType: 'audio/wav', data: '#' } }), param: imageData },
    'a file that stands elsewhere': {
      body: part({ fileData: { fileUri: 'https://example.org/a.png', mimeType: 'image/png' } }),
      param: 'contents[0].parts[1].fileData.fileUri',
    },
    'a file elsewhere in the other spelling': {
      body: part({ file_data: { file_uri: 'gs://a' } }),
      param: 'contents[0].parts[1].file_data.file_uri',
    },
    'an image of the model': {
      body: contents(hello, spoken({ inlineData: { mimeType: 'image/png', data: png } })),
      param: 'contents[1].parts[0].inlineData',
    },
    'a call of the user': { body: part(call()), param: 'contents[0].parts[1].functionCall' },
    'a response of the model': {
      body: contents(hello, spoken(response())),
      param: 'contents[1].parts[0].functionResponse',
    },
    'a call without a name': {
      body: contents(hello, spoken({ functionCall: {} })),
      param: 'contents[1].parts[0].functionCall.name',
    },
    'arguments that are no object': {
      body: contents(hello, spoken(call({ args: [] }))),
      param: 'contents[1].parts[0].functionCall.args',
    },
    'a call without a response': {
      body: contents(hello, spoken({ text: 'a' }, call())),
      param: 'contents[1].parts[1].functionCall',
    },
    'a call answered too late': {
      body: contents(hello, spoken(call()), hello, user(response())),
      param: 'contents[1].parts[0].functionCall',
    },
    'two calls with one id': {
      body: contents(hello, spoken(call({ id: 'a' }), call({ id: 'a' })), user(response(), response())),
      param: 'contents[1].parts[1].functionCall.id',
    },
    'a response without a call': {
      body: contents(user(response())),
      param: 'contents[0].parts[0].functionResponse.name',
    },
    'a response to another call': {
      body: contents(hello, spoken(call({ id: 'a' })), user({ function_response: { id: 'b', name: 'g' } })),
      param: 'contents[2].parts[0].function_response.id',
    },
    'sound in a response': {
      body: contents(
        hello,
        spoken(call()),
        user(response({ parts: [{ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }] })),
      ),
      param: 'contents[2].parts[0].functionResponse.parts[0].inlineData',
    },
    'an image in a system instruction': {
      body: body({ system_instruction: { parts: [{ inlineData: { mimeType: 'image/png', data: png } }] } }),
      param: 'system_instruction.parts[0].inlineData',
    },
    'a function without a name': { body: functions({}), param: 'tools[0].functionDeclarations[0].name' },
    'a schema of another type': {
      body: functions({ name: 'f', parameters: { type: 'STRING' } }),
      param: 'tools[0].functionDeclarations[0].parameters',
    },
    'two functions of one name': {
      body: functions({ name: 'f' }, { name: 'f' }),
      param: 'tools[0].functionDeclarations[1].name',
    },
    'an unknown calling mode': { body: calling({ mode: 'MAYBE' }), param: 'toolConfig.functionCallingConfig.mode' },
    'a choice of an absent function': {
      body: calling({ mode: 'ANY', allowedFunctionNames: ['f', 'g'] }),
      param: 'toolConfig.functionCallingConfig.allowedFunctionNames[1]',
    },
    'a required call without functions': {
      body: body({ tool_config: { function_calling_config: { mode: 'ANY' } } }),
      param: 'tool_config.function_calling_config.mode',
    },
    'settings that are text': { body: body({ generationConfig: 'hot' }), param: 'generationConfig' },
    'too many answers': { body: config({ candidateCount: 9 }), param: 'generationConfig.candidateCount' },
    'a temperature out of range': { body: config({ temperature: 2.1 }), param: 'generationConfig.temperature' },
    'no tokens at all': {
      body: body({ generation_config: { max_output_tokens: 0 } }),
      param: 'generation_config.max_output_tokens',
    },
    'too many stops': {
      body: config({ stopSequences: Array(17).fill('x') }),
      param: 'generationConfig.stopSequences',
    },
    'an unknown format': {
      body: config({ responseMimeType: 'application/yaml' }),
      param: 'generationConfig.responseMimeType',
    },
    'a schema that is no object': {
      body: config({ responseSchema: 'STRING' }),
      param: 'generationConfig.responseSchema',
    },
    'an unknown level of thinking': {
      body: config({ thinkingConfig: { thinkingLevel: 'SOME' } }),
      param: 'generationConfig.thinkingConfig.thinkingLevel',
    },
  },
  withText: (text) => contents(user({ text })),
  withMessages: (count) =>
    contents(...Array.from({ length: count }, (_, index) => (index % 2 ? spoken : user)({ text: 'hi' }))),
  withTools: (count) => functions(...Array.from({ length: count }, (_, index) => ({ name: `f${index}` }))),
});

describe('gemini: the official client', () => {
  const context = {
    id: 'abc',
    createdAt: new Date(),
    model,
    options: gemini.decode({ contents: [hello] }, sseContext()).options,
  };
  const wireOf = async (events: readonly StreamEvent[]) =>
    (await collect(gemini.frames([streamOf(events)], context))).map(encodeFrame).join('');

  it('holds a conversation with calls: streamed, then whole', async () => {
    const bodies: unknown[] = [];
    const answers = [
      await wireOf(scenarios['two parallel calls'].events),
      JSON.stringify(gemini.whole([await foldCompletion(streamOf(scenarios.text.events))], context)),
      await wireOf(scenarios['a text cut for length'].events),
    ];
    const client = clientOf((url, sent) => {
      bodies.push(sent);
      assert.match(url, /\/models\/m:(generateContent|streamGenerateContent\?alt=sse)$/);
      return answers.shift() ?? '';
    });
    const chat = client.chats.create({ model: 'm', config: { thinkingConfig: { includeThoughts: true } } });
    const calls = [];
    for await (const chunk of await chat.sendMessageStream({ message: 'hi' }))
      calls.push(...(chunk.functionCalls ?? []));
    assert.deepEqual(
      calls.map(({ id, name, args }) => ({ id, name, args })),
      [
        { id: 'call_1', name: 'weather', args: { city: 'Zürich' } },
        { id: 'call_2', name: 'search', args: { query: 'a "b"', limit: 3 } },
      ],
    );
    const answered = await chat.sendMessage({
      message: calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { output: name } } })),
    });
    assert.equal(answered.text, 'Grüezi 🌍\n');
    for await (const _ of await chat.sendMessageStream({ message: 'And then?' }));
    const { request } = decodeAt(bodies[2], 'm:generateContent', requestLimits);
    assert.deepEqual(request.messages, [
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      (await foldCompletion(streamOf(scenarios['two parallel calls'].events))).message,
      { role: 'tool', callId: 'call_1', content: [{ type: 'text', text: 'weather' }] },
      { role: 'tool', callId: 'call_2', content: [{ type: 'text', text: 'search' }] },
      (await foldCompletion(streamOf(scenarios.text.events))).message,
      { role: 'user', content: [{ type: 'text', text: 'And then?' }] },
    ]);
    assert.equal(chat.getHistory(true).length, chat.getHistory().length);
  });

  it('keeps what proves thoughts, whether it keeps the thoughts or not', async () => {
    const events = [
      ...scenarios['reasoning, then text'].events.slice(0, -1),
      { type: 'reasoning-end', origin: 'test', encrypted: 'locked' },
      { type: 'reasoning-delta', text: 'More.' },
      { type: 'reasoning-end', origin: 'test', signature: 'sealed too' },
      ...scenarios['a call without arguments'].events.slice(1, -1),
      { type: 'reasoning-end', origin: 'test' },
      ...scenarios.text.events.slice(-1),
    ] satisfies StreamEvent[];
    const completion = await foldCompletion(streamOf(events));
    const whole = JSON.parse(JSON.stringify(gemini.whole([completion], context))) as GeminiResponse;
    const streamed = (await collect(gemini.frames([streamOf(events)], context))).flatMap(
      ({ data }) => (data as GeminiResponse).candidates[0]?.content.parts ?? [],
    );
    const ended = completion.message.content.map((one) =>
      one.type === 'tool-call' ? { ...one, call: { ...one.call, arguments: '{}' } } : one,
    );
    for (const parts of [whole.candidates[0]?.content.parts ?? [], streamed]) {
      for (const kept of [parts, parts.filter(({ thought }) => !thought)]) {
        const { request } = decodeAt(
          contents(hello, spoken(...kept), user(response({ name: 'clock' }))),
          'm:generateContent',
          requestLimits,
        );
        assert.deepEqual(request.messages[1]?.content, ended);
      }
    }
  });

  it('counts tokens and lists models', async () => {
    const models = [
      {
        id: 'a/b',
        title: 'A B',
        ownedBy: 'us',
        contextWindow: 1000,
        maxOutputTokens: 100,
        reasoning: 'never' as const,
      },
      { id: 'c', title: 'C', ownedBy: 'us', reasoning: 'by-default' as const },
    ];
    const client = clientOf((url, sent) => {
      if (/\/models(\?|$)/.test(url)) return JSON.stringify(gemini.listModels(models));
      if (models[0] && url.endsWith('/models/a/b')) return JSON.stringify(gemini.describeModel(models[0]));
      assert.match(url, /\/models\/m:countTokens$/);
      assert.equal(decodeAt(sent, 'm:countTokens', requestLimits).kind, 'count-tokens');
      return JSON.stringify(gemini.tokenCount.whole(12));
    });
    assert.equal((await client.models.countTokens({ model: 'm', contents: 'hi' })).totalTokens, 12);
    const listed = await Array.fromAsync(await client.models.list());
    assert.deepEqual(
      listed.map(({ name, inputTokenLimit }) => [name, inputTokenLimit]),
      [
        ['models/a/b', 1000],
        ['models/c', undefined],
      ],
    );
    const described = await client.models.get({ model: 'models/a/b' });
    assert.equal(described.displayName, 'A B');
    assert.ok(described.supportedActions?.includes('streamGenerateContent'));
  });

  it('is told of failures with their status, before and in the middle of an answer', async () => {
    const failure = new GatewayError('rate-limited', 'Wait.', { retryAfterSeconds: 3, param: 'contents' });
    const failing = clientOf(
      () =>
        new Response(JSON.stringify(gemini.error(failure)), {
          status: 429,
          headers: { 'content-type': 'application/json' },
        }),
    );
    const asked = { model: 'm', contents: 'hi' };
    await assert.rejects(failing.models.generateContent(asked), { name: 'ApiError', status: 429, message: /Wait\./ });
    const head = encodeFrame({ data: { candidates: [] } });
    const breaking = clientOf(() => head + encodeFrame(gemini.errorFrame(failure)));
    const stream = await breaking.models.generateContentStream(asked);
    await assert.rejects(collect(stream), { name: 'ApiError', status: 429, message: /Wait\./ });
  });
});

function sseContext() {
  return {
    limits: requestLimits,
    parameters: { target: 'm:streamGenerateContent' },
    query: { alt: 'sse' },
    headers: {},
  };
}

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(source);
}

function label({ data }: Frame): string {
  const { candidates, usageMetadata, ...rest } = data as GeminiResponse;
  assert.deepEqual(rest, { modelVersion: model, responseId: 'abc' });
  assert.equal(candidates.length, 1);
  const [{ content, finishReason, groundingMetadata, index } = assert.fail()] = candidates;
  assert.equal(content.role, 'model');
  assert.equal(content.parts.length, 1);
  const [one = assert.fail()] = content.parts;
  const words = [
    finishReason ?? kindOf(one),
    ...(one.thoughtSignature ? ['signed'] : []),
    ...(groundingMetadata ? ['grounded'] : []),
    ...(usageMetadata ? ['usage'] : []),
  ];
  return `${words.join(', ')}${index > 0 ? ` of ${index}` : ''}`;
}

function kindOf({
  text,
  thought,
  functionCall,
  partMetadata,
}: GeminiResponse['candidates'][number]['content']['parts'][number]): string {
  if (functionCall) return 'call';
  if (thought) return 'thought';
  if (partMetadata?.refusal) return 'refusal';
  return text === '' ? 'head' : 'text';
}

/** What the official client makes of the frames. */
async function assemble(frames: Frame[]): Promise<Seen> {
  const wire = frames.map(encodeFrame).join('');
  const stream = await clientOf(() => wire).models.generateContentStream({ model: 'm', contents: 'hi' });
  return readAnswers(await collect(stream));
}

/** An application's view of one answer, in however many pieces. */
function readAnswers(pieces: Pick<GenerateContentResponse, 'candidates' | 'usageMetadata'>[]): Seen {
  const candidates = pieces.flatMap((piece) => piece.candidates ?? []);
  const count = new Set(candidates.map(({ index = 0 }) => index)).size;
  const {
    promptTokenCount = 0,
    candidatesTokenCount = 0,
    thoughtsTokenCount = 0,
  } = pieces.findLast((piece) => piece.usageMetadata)?.usageMetadata ?? {};
  return {
    choices: Array.from({ length: count }, (_, place) =>
      readChoice(candidates.filter(({ index = 0 }) => index === place)),
    ),
    usage: [promptTokenCount, candidatesTokenCount + thoughtsTokenCount],
  };
}

function readChoice(candidates: Candidate[]): SeenChoice {
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  const join = (wanted: (one: Part) => boolean) => parts.map((one) => (wanted(one) ? (one.text ?? '') : '')).join('');
  const isRefusal = ({ partMetadata }: Part) => partMetadata?.refusal === true;
  const text = join((one) => !one.thought && !isRefusal(one));
  const { groundingChunks = [], groundingSupports = [] } =
    candidates.find(({ groundingMetadata }) => groundingMetadata)?.groundingMetadata ?? {};
  const calls = parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
  return {
    text,
    reasoning: join((one) => one.thought === true),
    refusal: join(isRefusal),
    calls: calls.map(({ id = '', name = '', args = {} }) =>
      // The caller knows which of its functions stand for tools that take free text.
      name === 'patch'
        ? { kind: 'custom', id, name, arguments: String(args.input) }
        : { kind: 'function', id, name, arguments: JSON.stringify(args) },
    ),
    citations: groundingSupports.flatMap(({ segment, groundingChunkIndices = [] }) =>
      groundingChunkIndices.map((place) => {
        const bytes = Buffer.from(text);
        const start = bytes.subarray(0, segment?.startIndex ?? 0).toString().length;
        const web = groundingChunks[place]?.web;
        return { url: web?.uri ?? '', title: web?.title ?? '', start, end: start + (segment?.text?.length ?? 0) };
      }),
    ),
    finish: finishOf(candidates, calls.length > 0),
  };
}

function finishOf(candidates: Candidate[], called: boolean): FinishReason {
  const reasons = { STOP: called ? 'tool-calls' : 'stop', MAX_TOKENS: 'length', SAFETY: 'content-filter' } as const;
  const said = candidates.flatMap(({ finishReason }) => finishReason ?? []);
  assert.equal(said.length, 1);
  return reasons[said[0] as keyof typeof reasons];
}
