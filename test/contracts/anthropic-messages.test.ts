import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import type { ContentBlock, Message, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import type { FinishReason } from '../../src/core/event.ts';
import type { ToolCall } from '../../src/core/tool.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/anthropic-messages.ts';
import type { ErrorBody } from '../../src/dialects/anthropic-messages/error.ts';
import { encodeFrame, type Frame } from '../../src/stream/sse.ts';
import { messageBodies, png } from './anthropic-messages.fixtures.ts';
import { dialectContract, type Seen } from './dialect.ts';
import type { SeenChoice } from './scenarios.ts';

const hello = { role: 'user', content: 'hi' };
const body = (extra: object): unknown => ({ model: 'm', max_tokens: 10, messages: [hello], ...extra });
const messages = (...list: unknown[]): unknown => body({ messages: list });
const block = (value: unknown): unknown => messages({ role: 'user', content: [{ type: 'text', text: 'a' }, value] });
const image = (source: object): unknown => block({ type: 'image', source });
const base64 = (data: string): unknown => image({ type: 'base64', media_type: 'image/png', data });
const document = (source: object): unknown => block({ type: 'document', source });
const call = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} };
const withCall = (...after: unknown[]): unknown => messages(hello, { role: 'assistant', content: [call] }, ...after);
const result = (id: string): unknown => ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id }] });
const tool = (fields: object = {}): unknown => ({ name: 'f', input_schema: { type: 'object' }, ...fields });
const imageData = 'messages.0.content.1.source.data';

dialectContract('anthropic-messages', {
  dialect: anthropicMessages,
  options: { showsThinking: true },
  label,
  sequences: {
    text: answer('end_turn', ['text', 'text_delta', 'text_delta']),
    nothing: answer('end_turn'),
    'reasoning, then text': answer(
      'end_turn',
      ['thinking', 'thinking_delta', 'thinking_delta', 'signature_delta'],
      ['text', 'text_delta'],
    ),
    'two parallel calls': answer(
      'tool_use',
      ['text', 'text_delta'],
      ['tool_use', 'input_json_delta', 'input_json_delta'],
      ['tool_use', 'input_json_delta', 'input_json_delta', 'input_json_delta'],
    ),
    'a call without arguments': answer('tool_use', ['tool_use', 'input_json_delta']),
    'a call whose arguments come at once': answer('tool_use', ['tool_use', 'input_json_delta']),
    'a custom call': answer('tool_use', ['tool_use', 'input_json_delta', 'input_json_delta', 'input_json_delta']),
    'a refusal': answer('refusal', ['text', 'text_delta']),
    'a cited text': answer('end_turn', ['text', 'text_delta', 'citations_delta']),
    'a text cut for length': answer('max_tokens', ['text', 'text_delta']),
    'a filtered text': answer('refusal', ['text', 'text_delta']),
  },
  assemble,
  // The official types are met by ours: this, like `label`, compiles only as long as they are.
  read: (whole) => readAnswer(whole as Message),
  errorMessage: (value) => (value as ErrorBody).error.message.replace(/^prompt is too long: /, ''),
  bodies: messageBodies,
  malformed: {
    'a body that is no object': { body: [], param: undefined },
    'no model': { body: { max_tokens: 1, messages: [hello] }, param: 'model' },
    'an empty model': { body: body({ model: '' }), param: 'model' },
    'no max_tokens': { body: { model: 'm', messages: [hello] }, param: 'max_tokens' },
    'no tokens at all': { body: body({ max_tokens: 0 }), param: 'max_tokens' },
    'no messages': { body: { model: 'm', max_tokens: 1 }, param: 'messages' },
    'messages that are no array': { body: body({ messages: 'hi' }), param: 'messages' },
    'empty messages': { body: messages(), param: 'messages' },
    'a message that is no object': { body: messages(hello, 'hi'), param: 'messages.1' },
    'an unknown role': { body: messages({ role: 'robot', content: '' }), param: 'messages.0.role' },
    'content that is a number': { body: messages({ role: 'user', content: 1 }), param: 'messages.0.content' },
    'a block that is no object': { body: block('a'), param: 'messages.0.content.1' },
    'a block without a type': { body: block({}), param: 'messages.0.content.1.type' },
    'an unknown block': { body: block({ type: 'video' }), param: 'messages.0.content.1.type' },
    'text that is no text': { body: block({ type: 'text', text: 1 }), param: 'messages.0.content.1.text' },
    'an image without its source': { body: block({ type: 'image' }), param: 'messages.0.content.1.source' },
    'an image of an unknown source': { body: image({ type: 'x' }), param: 'messages.0.content.1.source.type' },
    'an image without its data': { body: image({ type: 'base64' }), param: imageData },
    'an image that is text': { body: base64('aGVsbG8='), param: imageData, kind: 'invalid-image' },
    'an image in bad base64': { body: base64(`!${png}`), param: imageData, kind: 'invalid-image' },
    'an empty image': { body: base64(''), param: imageData, kind: 'invalid-image' },
    'an image to download': {
      body: image({ type: 'url', url: 'https://example.org/a.png' }),
      param: 'messages.0.content.1.source.url',
      kind: 'invalid-image',
    },
    'an uploaded image': { body: image({ type: 'file', file_id: 'f' }), param: 'messages.0.content.1.source.file_id' },
    'a document to download': {
      body: document({ type: 'url', url: 'https://example.org/a.pdf' }),
      param: 'messages.0.content.1.source.url',
    },
    'an uploaded document': {
      body: document({ type: 'file', file_id: 'f' }),
      param: 'messages.0.content.1.source.file_id',
    },
    'a document that is no PDF': { body: document({ type: 'base64', data: 'aGVsbG8=' }), param: imageData },
    'a bad image in a document': {
      body: document({ type: 'content', content: [{ type: 'image', source: { type: 'base64', data: 'aGk=' } }] }),
      param: 'messages.0.content.1.source.content.0.source.data',
      kind: 'invalid-image',
    },
    'a bad image in a tool result': {
      body: withCall({
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [{ type: 'image', source: { type: 'base64', data: 'aGk=' } }],
          },
        ],
      }),
      param: 'messages.2.content.0.content.0.source.data',
      kind: 'invalid-image',
    },
    'an image of the assistant': {
      body: messages(hello, { role: 'assistant', content: [{ type: 'image', source: {} }] }),
      param: 'messages.1.content.0.type',
    },
    'an image in the system prompt': { body: body({ system: [{ type: 'image' }] }), param: 'system.0.type' },
    'a system prompt that is a number': { body: body({ system: 1 }), param: 'system' },
    'a call without a result': { body: withCall(), param: 'messages.1.content.0.id' },
    'a call answered too late': { body: withCall(hello, result('toolu_1')), param: 'messages.1.content.0.id' },
    'a result without a call': { body: messages(hello, result('x')), param: 'messages.1.content.0.tool_use_id' },
    'a result without an id': {
      body: withCall({ role: 'user', content: [{ type: 'tool_result' }] }),
      param: 'messages.2.content.0.tool_use_id',
    },
    'two calls of one id': {
      body: messages(hello, { role: 'assistant', content: [call, call] }, result('toolu_1')),
      param: 'messages.1.content.1.id',
    },
    'input that is no object': {
      body: messages({ role: 'assistant', content: [{ ...call, input: [] }] }),
      param: 'messages.0.content.0.input',
    },
    'thinking without its text': {
      body: messages({ role: 'assistant', content: [{ type: 'thinking' }] }),
      param: 'messages.0.content.0.thinking',
    },
    'tools that are no array': { body: body({ tools: {} }), param: 'tools' },
    'a tool without a name': { body: body({ tools: [tool({ name: '' })] }), param: 'tools.0.name' },
    'a tool without a schema': { body: body({ tools: [{ name: 'f' }] }), param: 'tools.0.input_schema' },
    'a schema without a type': {
      body: body({ tools: [tool({ input_schema: { properties: {} } })] }),
      param: 'tools.0.input_schema.type',
    },
    'two tools of one name': { body: body({ tools: [tool(), tool()] }), param: 'tools.1.name' },
    'a tool that only the API knows': {
      body: body({ tools: [{ type: 'bash_20250124', name: 'bash' }] }),
      param: 'tools.0.type',
    },
    'a choice of an absent tool': {
      body: body({ tools: [tool()], tool_choice: { type: 'tool', name: 'g' } }),
      param: 'tool_choice.name',
    },
    'a choice without a name': {
      body: body({ tools: [tool()], tool_choice: { type: 'tool' } }),
      param: 'tool_choice.name',
    },
    'an unknown tool choice': { body: body({ tool_choice: { type: 'maybe' } }), param: 'tool_choice.type' },
    'a required call without tools': { body: body({ tool_choice: { type: 'any' } }), param: 'tool_choice' },
    'a bad tool in mid-conversation': {
      body: messages(hello, {
        role: 'system',
        content: [{ type: 'tool_addition', tool: { type: 'tool_definition', definition: { name: 'f' } } }],
      }),
      param: 'messages.1.content.0.tool.definition.input_schema',
    },
    'a temperature out of range': { body: body({ temperature: 1.1 }), param: 'temperature' },
    'a stop sequence that is a number': { body: body({ stop_sequences: ['a', 1] }), param: 'stop_sequences.1' },
    'thinking of an unknown type': { body: body({ thinking: { type: 'some' } }), param: 'thinking.type' },
    'thinking without its budget': {
      body: body({ thinking: { type: 'enabled' } }),
      param: 'thinking.budget_tokens',
    },
    'an unknown effort': { body: body({ output_config: { effort: 'some' } }), param: 'output_config.effort' },
    'an unknown format': {
      body: body({ output_config: { format: { type: 'yaml' } } }),
      param: 'output_config.format.type',
    },
    'a format without its schema': {
      body: body({ output_format: { type: 'json_schema' } }),
      param: 'output_format.schema',
    },
  },
  withText: (text) => messages({ role: 'user', content: text }),
  withMessages: (count) =>
    messages(
      ...Array.from({ length: count }, (_, index) => ({ role: index % 2 ? 'assistant' : 'user', content: 'hi' })),
    ),
  withTools: (count) => body({ tools: Array.from({ length: count }, (_, index) => tool({ name: `f${index}` })) }),
});

/** The labels of an answer of these blocks: each its type and its deltas. */
function answer(stopReason: string, ...blocks: string[][]): string[] {
  return [
    'message_start',
    ...blocks.flatMap(([type, ...deltas], index) => [
      `start ${index} ${type}`,
      ...deltas.map((delta) => `${delta} ${index}`),
      `stop ${index}`,
    ]),
    `message_delta ${stopReason}`,
    'message_stop',
  ];
}

function label({ event, data }: Frame): string {
  const wire = data as RawMessageStreamEvent;
  assert.equal(event, wire.type);
  switch (wire.type) {
    case 'message_start': {
      const { content, stop_reason: reason, id, model, type, role } = wire.message;
      assert.deepEqual(
        [content, reason, id, model, type, role],
        [[], null, 'msg_abc', 'test-model-1', 'message', 'assistant'],
      );
      return wire.type;
    }
    case 'content_block_start':
      return `start ${wire.index} ${wire.content_block.type}`;
    case 'content_block_delta':
      return `${wire.delta.type} ${wire.index}`;
    case 'content_block_stop':
      return `stop ${wire.index}`;
    case 'message_delta':
      return `message_delta ${wire.delta.stop_reason}`;
    case 'message_stop':
      return wire.type;
  }
}

/** What the official client makes of the frames. */
async function assemble(frames: Frame[]): Promise<Seen> {
  const wire = frames.map(encodeFrame).join('');
  const client = new Anthropic({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(wire, { headers: { 'content-type': 'text/event-stream' } }),
  });
  const stream = client.messages.stream({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] });
  return readAnswer(await stream.finalMessage());
}

function readAnswer({ content, stop_reason: stop, stop_details: details, usage }: Message): Seen {
  const refusal = details?.explanation ?? '';
  const joined = (read: (block: ContentBlock) => string) => content.map(read).join('');
  const choice: SeenChoice = {
    // A refusal in words is the last of the text.
    text: joined((block) => (block.type === 'text' ? block.text : '')).slice(0, -refusal.length || undefined),
    reasoning: joined((block) => (block.type === 'thinking' ? block.thinking : '')),
    refusal,
    calls: content.flatMap((block) => (block.type === 'tool_use' ? readCall(block) : [])),
    citations: content
      .flatMap((block) => (block.type === 'text' ? (block.citations ?? []) : []))
      .map((citation) => {
        assert.equal(citation.type, 'web_search_result_location');
        const [start = 0, end = 0] = citation.encrypted_index.split('-').map(Number);
        return { url: citation.url, title: citation.title ?? '', start, end };
      }),
    finish: refusal === '' ? (finishes[stop ?? ''] ?? 'stop') : 'stop',
  };
  const { input_tokens: fresh, cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  return { choices: [choice], usage: [fresh + (read ?? 0) + (written ?? 0), usage.output_tokens] };
}

const finishes: Record<string, FinishReason> = {
  max_tokens: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
};

/** Nothing on the wire tells a custom tool but the one field of its input. */
function readCall({ id, name, input }: Extract<ContentBlock, { type: 'tool_use' }>): ToolCall {
  const [[key, text] = [], ...others] = Object.entries(input as object);
  if (key === 'input' && others.length === 0) return { kind: 'custom', id, name, arguments: String(text) };
  return { kind: 'function', id, name, arguments: JSON.stringify(input) };
}
