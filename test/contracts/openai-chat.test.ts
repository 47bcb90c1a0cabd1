import assert from 'node:assert/strict';
import OpenAI from 'openai';
import type { ChatCompletion, ChatCompletionChunk, ChatCompletionMessage } from 'openai/resources/chat/completions';
import type { FinishReason } from '../../src/core/event.ts';
import type { ErrorBody } from '../../src/dialects/openai-chat/error.ts';
import type { Chunk } from '../../src/dialects/openai-chat/frames.ts';
import { openaiChat } from '../../src/dialects/openai-chat/openai-chat.ts';
import type { Whole } from '../../src/dialects/openai-chat/whole.ts';
import { encodeFrame, type Frame } from '../../src/stream/sse.ts';
import { dialectContract, type Seen } from './dialect.ts';
import { chatBodies, png, responsesShapedBody } from './openai-chat.fixtures.ts';
import type { SeenChoice } from './scenarios.ts';

const hello = { role: 'user', content: 'hi' };
const body = (extra: object): unknown => ({ model: 'm', messages: [hello], ...extra });
const messages = (...list: unknown[]): unknown => ({ model: 'm', messages: list });
const part = (value: unknown): unknown => messages({ role: 'user', content: [{ type: 'text', text: 'a' }, value] });
const image = (url: unknown): unknown => part({ type: 'image_url', image_url: { url } });
const toolCall = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
const withCall = (...after: unknown[]): unknown =>
  messages(hello, { role: 'assistant', tool_calls: [toolCall] }, ...after);
const functionTool = (fields: object): unknown => ({ type: 'function', function: { name: 'f', ...fields } });
const imageUrl = 'messages[0].content[1].image_url.url';

dialectContract('openai-chat', {
  dialect: openaiChat,
  options: { includeUsage: true },
  label,
  sequences: {
    text: ['role', 'content', 'content', 'finish stop', 'usage', '[DONE]'],
    nothing: ['role', 'finish stop', 'usage', '[DONE]'],
    'reasoning, then text': ['role', 'reasoning', 'reasoning', 'content', 'finish stop', 'usage', '[DONE]'],
    'two parallel calls': [
      'role',
      'content',
      'call 0',
      'arguments 0',
      'arguments 0',
      'call 1',
      'arguments 1',
      'arguments 1',
      'arguments 1',
      'finish tool_calls',
      'usage',
      '[DONE]',
    ],
    'a call without arguments': ['role', 'call 0', 'arguments 0', 'finish tool_calls', 'usage', '[DONE]'],
    'a call whose arguments come at once': ['role', 'call 0', 'arguments 0', 'finish tool_calls', 'usage', '[DONE]'],
    'a custom call': ['role', 'call 0', 'arguments 0', 'arguments 0', 'finish tool_calls', 'usage', '[DONE]'],
    'a refusal': ['role', 'refusal', 'finish stop', 'usage', '[DONE]'],
    'a cited text': ['role', 'content', 'annotations', 'finish stop', 'usage', '[DONE]'],
    'a text cut for length': ['role', 'content', 'finish length', 'usage', '[DONE]'],
    'a filtered text': ['role', 'content', 'finish content_filter', 'usage', '[DONE]'],
  },
  twoChoices: [
    'role',
    'role of 1',
    'content',
    'content',
    'finish stop',
    'content of 1',
    'call 0 of 1',
    'arguments 0 of 1',
    'arguments 0 of 1',
    'call 1 of 1',
    'arguments 1 of 1',
    'arguments 1 of 1',
    'arguments 1 of 1',
    'finish tool_calls of 1',
    'usage',
    '[DONE]',
  ],
  assemble,
  // The official types are met by ours: this, like `label`, compiles only as long as they are.
  read: (whole) => readAnswer(whole as Whole),
  errorMessage: (value) => ((value as ErrorBody).error satisfies OpenAI.ErrorObject).message,
  bodies: [...chatBodies, responsesShapedBody],
  malformed: {
    'a body that is no object': { body: [], param: undefined },
    'no model': { body: { messages: [hello] }, param: 'model' },
    'an empty model': { body: body({ model: '' }), param: 'model' },
    'a model that is a number': { body: body({ model: 4 }), param: 'model' },
    'no messages': { body: { model: 'm' }, param: 'messages' },
    'messages that are no array': { body: body({ messages: 'hi' }), param: 'messages' },
    'empty messages': { body: body({ messages: [] }), param: 'messages' },
    'a message that is no object': { body: messages(hello, 'hi'), param: 'messages[1]' },
    'an unknown role': { body: messages({ role: 'robot', content: '' }), param: 'messages[0].role' },
    'content that is a number': { body: messages({ role: 'user', content: 1 }), param: 'messages[0].content' },
    'a part that is no object': { body: part('a'), param: 'messages[0].content[1]' },
    'an unknown part': { body: part({ type: 'video_url' }), param: 'messages[0].content[1].type' },
    'text that is no text': { body: part({ type: 'text', text: 1 }), param: 'messages[0].content[1].text' },
    'an image without its URL': { body: part({ type: 'image_url', image_url: {} }), param: imageUrl },
    'an image to download': { body: image('https://example.org/a.png'), param: imageUrl, kind: 'invalid-image' },
    'an image of another scheme': { body: image('file:///etc/passwd'), param: imageUrl, kind: 'invalid-image' },
    'an image that is text': { body: image('data:image/png;base64,aGVsbG8='), param: imageUrl, kind: 'invalid-image' },
    'an image in bad base64': { body: image(`data:image/png;base64,!${png}`), param: imageUrl, kind: 'invalid-image' },
    'an empty image': { body: image('data:image/png;base64,'), param: imageUrl, kind: 'invalid-image' },
    'an image in a system message': {
      body: messages({ role: 'system', content: [{ type: 'image_url', image_url: { url: '' } }] }, hello),
      param: 'messages[0].content[0].type',
    },
    'an uploaded file': {
      body: part({ type: 'file', file: { file_id: 'f' } }),
      param: 'messages[0].content[1].file.file_id',
    },
    'a file that is no PDF': {
      body: part({ type: 'file', file: { file_data: 'aGVsbG8=' } }),
      param: 'messages[0].content[1].file.file_data',
    },
    'a call without a result': { body: withCall(), param: 'messages[1].tool_calls[0].id' },
    'a call answered too late': {
      body: withCall(hello, { role: 'tool', tool_call_id: 'call_1', content: '' }),
      param: 'messages[1].tool_calls[0].id',
    },
    'a result without a call': {
      body: messages(hello, { role: 'tool', tool_call_id: 'x', content: '' }),
      param: 'messages[1].tool_call_id',
    },
    'a result without an id': { body: withCall({ role: 'tool', content: '' }), param: 'messages[2].tool_call_id' },
    'a function result without a call': {
      body: messages(hello, { role: 'function', name: 'f', content: '' }),
      param: 'messages[1].name',
    },
    'arguments that are no JSON': {
      body: messages({ role: 'assistant', tool_calls: [{ ...toolCall, function: { name: 'f', arguments: '{' } }] }),
      param: 'messages[0].tool_calls[0].function.arguments',
    },
    'arguments that are no object': {
      body: messages({ role: 'assistant', function_call: { name: 'f', arguments: '[]' } }),
      param: 'messages[0].function_call.arguments',
    },
    'a tool without a type': { body: body({ tools: [{}] }), param: 'tools[0].type' },
    'a tool without a name': { body: body({ tools: [functionTool({ name: '' })] }), param: 'tools[0].function.name' },
    'a schema without a type': {
      body: body({ tools: [functionTool({ parameters: { properties: {} } })] }),
      param: 'tools[0].function.parameters',
    },
    'two tools of one name': {
      body: body({ tools: [functionTool({}), functionTool({})] }),
      param: 'tools[1].function.name',
    },
    'a choice of an absent tool': {
      body: body({ tools: [functionTool({})], tool_choice: { type: 'function', function: { name: 'g' } } }),
      param: 'tool_choice.function.name',
    },
    'an unknown tool choice': { body: body({ tool_choice: 'maybe' }), param: 'tool_choice' },
    'a required call without tools': { body: body({ tool_choice: 'required' }), param: 'tool_choice' },
    'an allowed tool that is absent': {
      body: body({
        tools: [functionTool({})],
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { mode: 'auto', tools: [{ type: 'function', name: 'g' }] },
        },
      }),
      param: 'tool_choice.allowed_tools.tools[0].name',
    },
    'too many answers': { body: body({ n: 9 }), param: 'n' },
    'a temperature out of range': { body: body({ temperature: 2.1 }), param: 'temperature' },
    'a temperature as text': { body: body({ temperature: '1' }), param: 'temperature' },
    'no tokens at all': { body: body({ max_tokens: 0 }), param: 'max_tokens' },
    'an unknown effort': { body: body({ reasoning_effort: 'some' }), param: 'reasoning_effort' },
    'an unknown effort in an object': { body: body({ reasoning: { effort: 'some' } }), param: 'reasoning.effort' },
    'an unknown format': { body: body({ response_format: { type: 'yaml' } }), param: 'response_format.type' },
    'a format without its schema': {
      body: body({ response_format: { type: 'json_schema', json_schema: { name: 'a' } } }),
      param: 'response_format.json_schema.schema',
    },
    'too many stops': { body: body({ stop: Array(17).fill('x') }), param: 'stop' },
    'an unknown input item': { body: { model: 'm', input: [{ type: 'item_reference' }] }, param: 'input[0].type' },
    'an input image that is none': {
      body: {
        model: 'm',
        input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:;base64,aGk=' }] }],
      },
      param: 'input[0].content[0].image_url',
      kind: 'invalid-image',
    },
    'an input call without a result': {
      body: { model: 'm', input: [{ type: 'function_call', call_id: 'a', name: 'f', arguments: '' }] },
      param: 'input[0].call_id',
    },
  },
  withText: (text) => messages({ role: 'user', content: text }),
  withMessages: (count) =>
    messages(
      ...Array.from({ length: count }, (_, index) => ({ role: index % 2 ? 'assistant' : 'user', content: 'hi' })),
    ),
  withTools: (count) =>
    body({ tools: Array.from({ length: count }, (_, index) => functionTool({ name: `f${index}` })) }),
});

function label({ data }: Frame): string {
  if (typeof data === 'string') return data;
  const { choices, usage, ...head } = data as Chunk satisfies ChatCompletionChunk;
  assert.deepEqual(head, {
    id: 'chatcmpl-abc',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'test-model-1',
  });
  const [choice] = choices;
  if (!choice) return usage ? 'usage' : 'nothing';
  assert.equal(usage, null);
  return `${labelChoice(choice)}${choice.index > 0 ? ` of ${choice.index}` : ''}`;
}

function labelChoice({ delta, finish_reason: reason }: Chunk['choices'][number]): string {
  const keys = Object.keys(delta);
  if (reason !== null) {
    assert.deepEqual(keys, []);
    return `finish ${reason}`;
  }
  if (delta.role) {
    assert.deepEqual(delta, { role: 'assistant', content: '' });
    return 'role';
  }
  assert.equal(keys.length, 1);
  const call = delta.tool_calls?.[0];
  if (!call) return keys[0] === 'reasoning_content' ? 'reasoning' : String(keys[0]);
  if (call.id === undefined) return `arguments ${call.index}`;
  assert.ok(
    'custom' in call
      ? call.custom.input === '' && call.custom.name
      : call.function.arguments === '' && call.function.name,
  );
  return `call ${call.index}`;
}

/** What the official client makes of the frames. */
async function assemble(frames: Frame[]): Promise<Seen> {
  const wire = frames.map(encodeFrame).join('');
  const client = new OpenAI({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(wire, { headers: { 'content-type': 'text/event-stream' } }),
  });
  const stream = client.chat.completions.stream({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
  // The client keeps only the last of several deltas that it does not know: applications add them up like this.
  const reasoning = new Map<number, string>();
  stream.on('chunk', ({ choices }) => {
    for (const { index, delta } of choices) {
      const { reasoning_content: text = '' } = delta as { reasoning_content?: string };
      reasoning.set(index, (reasoning.get(index) ?? '') + text);
    }
  });
  const answer = await stream.finalChatCompletion();
  for (const { index, message } of answer.choices) Object.assign(message, { reasoning_content: reasoning.get(index) });
  return readAnswer(answer);
}

function readAnswer({ choices, usage }: ChatCompletion): Seen {
  return {
    choices: choices.map(({ message, finish_reason: reason }) => readChoice(message, reason)),
    usage: [usage?.prompt_tokens ?? 0, usage?.completion_tokens ?? 0],
  };
}

function readChoice(message: ChatCompletionMessage & { reasoning_content?: string }, reason: string): SeenChoice {
  return {
    text: message.content ?? '',
    reasoning: message.reasoning_content ?? '',
    refusal: message.refusal ?? '',
    calls: (message.tool_calls ?? []).map((call) =>
      call.type === 'custom'
        ? { kind: 'custom', id: call.id, name: call.custom.name, arguments: call.custom.input }
        : { kind: 'function', id: call.id, name: call.function.name, arguments: call.function.arguments },
    ),
    citations: (message.annotations ?? []).map(
      ({ url_citation: { url, title, start_index: start, end_index: end } }) => ({
        url,
        title,
        start,
        end,
      }),
    ),
    finish: reason.replace('_', '-') as FinishReason,
  };
}
