import assert from 'node:assert/strict';
import OpenAI from 'openai';
import type { Response as OpenAIResponse, ParsedResponse } from 'openai/resources/responses/responses';
import type { FinishReason } from '../../src/core/event.ts';
import type { ToolCall } from '../../src/core/tool.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/openai-responses.ts';
import { encodeFrame, type Frame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';
import { dialectContract, type Seen } from './dialect.ts';
import { freerBody, png, responsesBodies } from './openai-responses.fixtures.ts';

const hello = { role: 'user', content: 'hi' };
const body = (extra: object): unknown => ({ model: 'm', input: [hello], ...extra });
const input = (...items: unknown[]): unknown => ({ model: 'm', input: items });
const part = (value: unknown): unknown => input({ role: 'user', content: [{ type: 'input_text', text: 'a' }, value] });
const image = (url: unknown): unknown => part({ type: 'input_image', image_url: url });
const call = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'call_1', output: '' };
const functionTool = { type: 'function', name: 'f' };
const imageUrl = 'input[0].content[1].image_url';

const message = ['item message', 'part output_text', 'text'];
const messageEnd = ['text done', 'part done', 'item done'];
const head = ['created', 'in_progress'];
const functionCall = ['item function_call', 'arguments'];
const functionCallEnd = ['arguments done', 'item done'];

dialectContract('openai-responses', {
  dialect: openaiResponses,
  options: openaiResponses.decode(body({ reasoning: { summary: 'auto' } }), decodeContext).options,
  label,
  sequences: {
    text: [...head, ...message, 'text', ...messageEnd, 'completed'],
    nothing: [...head, 'completed'],
    'reasoning, then text': [
      ...head,
      'item reasoning',
      'summary part',
      'summary',
      'summary',
      'summary done',
      'summary part done',
      'item done',
      ...message,
      ...messageEnd,
      'completed',
    ],
    'two parallel calls': [
      ...head,
      ...message,
      ...messageEnd,
      ...functionCall,
      'arguments',
      ...functionCallEnd,
      ...functionCall,
      'arguments',
      'arguments',
      ...functionCallEnd,
      'completed',
    ],
    'a call without arguments': [...head, ...functionCall, ...functionCallEnd, 'completed'],
    'a call whose arguments come at once': [...head, ...functionCall, ...functionCallEnd, 'completed'],
    'a custom call': [...head, 'item custom_tool_call', 'input', 'input', 'input done', 'item done', 'completed'],
    'a refusal': [
      ...head,
      'item message',
      'part refusal',
      'refusal',
      'refusal done',
      'part done',
      'item done',
      'completed',
    ],
    'a cited text': [...head, ...message, 'annotation', ...messageEnd, 'completed'],
    'a text cut for length': [...head, ...message, ...messageEnd, 'incomplete'],
    'a filtered text': [...head, ...message, ...messageEnd, 'incomplete'],
  },
  assemble,
  read: (whole) => readAnswer(whole as OpenAIResponse),
  errorMessage: (value) => (value as { error: OpenAI.ErrorObject }).error.message,
  bodies: [...responsesBodies, freerBody],
  malformed: {
    'a body that is no object': { body: [], param: undefined },
    'no model': { body: { input: 'hi' }, param: 'model' },
    'an empty model': { body: body({ model: '' }), param: 'model' },
    'no input': { body: { model: 'm' }, param: 'input' },
    'input that is a number': { body: { model: 'm', input: 4 }, param: 'input' },
    'empty input': { body: input(), param: 'input' },
    'an item that is no object': { body: input(hello, 'hi'), param: 'input[1]' },
    'an unknown item': { body: input({ type: 'local_shell_call' }), param: 'input[0].type' },
    'a reference': { body: input({ type: 'item_reference', id: 'msg_1' }), param: 'input[0].id' },
    'a reference without its type': { body: input({ id: 'msg_1' }), param: 'input[0].id' },
    'an unknown role': { body: input({ role: 'tool', content: '' }), param: 'input[0].role' },
    'content that is a number': { body: input({ role: 'user', content: 1 }), param: 'input[0].content' },
    'a part that is no object': { body: part('a'), param: 'input[0].content[1]' },
    'an unknown part': { body: part({ type: 'input_video' }), param: 'input[0].content[1].type' },
    'text that is no text': { body: part({ type: 'input_text', text: 1 }), param: 'input[0].content[1].text' },
    'an image without its URL': { body: part({ type: 'input_image' }), param: imageUrl },
    'an uploaded image': {
      body: part({ type: 'input_image', file_id: 'f' }),
      param: 'input[0].content[1].file_id',
    },
    'an image to download': { body: image('https://example.org/a.png'), param: imageUrl, kind: 'invalid-image' },
    'an image of another scheme': { body: image('file:///etc/passwd'), param: imageUrl, kind: 'invalid-image' },
    'an image that is text': { body: image('data:image/png;base64,aGVsbG8='), param: imageUrl, kind: 'invalid-image' },
    'an image in bad base64': { body: image(`data:image/png;base64,!${png}`), param: imageUrl, kind: 'invalid-image' },
    'an image in instructions': {
      body: input({ role: 'developer', content: [{ type: 'input_image', image_url: '' }] }, hello),
      param: 'input[0].content[0].type',
    },
    'an uploaded file': {
      body: part({ type: 'input_file', file_id: 'f' }),
      param: 'input[0].content[1].file_id',
    },
    'a file to download': {
      body: part({ type: 'input_file', file_url: 'https://example.org/a.pdf' }),
      param: 'input[0].content[1].file_url',
    },
    'a call without an output': { body: input(call), param: 'input[0].call_id' },
    'a call without an id': { body: input({ ...call, call_id: undefined }), param: 'input[0].call_id' },
    'an output without a call': { body: input(hello, output), param: 'input[1].call_id' },
    'an output before its call': { body: input(output, call), param: 'input[0].call_id' },
    'two calls of one id': { body: input(call, call, output, output), param: 'input[1].call_id' },
    'arguments that are no JSON': {
      body: input({ ...call, arguments: '{' }, output),
      param: 'input[0].arguments',
    },
    'a compaction of another server': {
      body: input({ type: 'compaction', encrypted_content: 'gAAAA' }, hello),
      param: 'input[0].encrypted_content',
    },
    'a tool without a type': { body: body({ tools: [{ name: 'f' }] }), param: 'tools[0].type' },
    'a tool without a name': { body: body({ tools: [{ type: 'function' }] }), param: 'tools[0].name' },
    'a schema without a type': {
      body: body({ tools: [{ ...functionTool, parameters: { properties: {} } }] }),
      param: 'tools[0].parameters',
    },
    'two tools of one name': { body: body({ tools: [functionTool, functionTool] }), param: 'tools[1].name' },
    'a tool in a group without a name': {
      body: body({ tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'function' }] }] }),
      param: 'tools[0].tools[0].name',
    },
    'a grammar without its definition': {
      body: body({ tools: [{ type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark' } }] }),
      param: 'tools[0].format.definition',
    },
    'a choice of an absent tool': {
      body: body({ tools: [functionTool], tool_choice: { type: 'function', name: 'g' } }),
      param: 'tool_choice.name',
    },
    'a choice of a hosted tool': {
      body: body({ tools: [{ type: 'file_search' }], tool_choice: { type: 'file_search' } }),
      param: 'tool_choice.type',
    },
    'an unknown tool choice': { body: body({ tool_choice: 'maybe' }), param: 'tool_choice' },
    'a required call without tools': { body: body({ tool_choice: 'required' }), param: 'tool_choice' },
    'an allowed tool that is absent': {
      body: body({
        tools: [functionTool],
        tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'g' }] },
      }),
      param: 'tool_choice.tools[0].name',
    },
    'a temperature out of range': { body: body({ temperature: 2.1 }), param: 'temperature' },
    'no tokens at all': { body: body({ max_output_tokens: 0 }), param: 'max_output_tokens' },
    'an unknown effort': { body: body({ reasoning: { effort: 'some' } }), param: 'reasoning.effort' },
    'an unknown format': { body: body({ text: { format: { type: 'yaml' } } }), param: 'text.format.type' },
    'a format without its schema': {
      body: body({ text: { format: { type: 'json_schema', name: 'a' } } }),
      param: 'text.format.json_schema',
    },
    'metadata that is a list': { body: body({ metadata: [] }), param: 'metadata' },
    'a conversation kept elsewhere': {
      body: body({ conversation: 'conv_1' }),
      param: 'conversation',
      kind: 'unsupported-parameter',
    },
    'a prompt kept elsewhere': { body: body({ prompt: { id: 'p' } }), param: 'prompt', kind: 'unsupported-parameter' },
    'a background answer that is not stored': { body: body({ background: true, store: false }), param: 'background' },
  },
  withText: (text) => ({ model: 'm', input: text }),
  withMessages: (count) =>
    input(...Array.from({ length: count }, (_, index) => ({ role: index % 2 ? 'assistant' : 'user', content: 'hi' }))),
  withTools: (count) =>
    body({ tools: Array.from({ length: count }, (_, index) => ({ type: 'function', name: `f${index}` })) }),
});

interface EventData {
  type: string;
  item?: { type: string };
  part?: { type: string };
}

const labels: Record<string, string> = {
  'output_text.delta': 'text',
  'output_text.done': 'text done',
  'output_text.annotation.added': 'annotation',
  'content_part.done': 'part done',
  'output_item.done': 'item done',
  'refusal.delta': 'refusal',
  'refusal.done': 'refusal done',
  'reasoning_summary_part.added': 'summary part',
  'reasoning_summary_part.done': 'summary part done',
  'reasoning_summary_text.delta': 'summary',
  'reasoning_summary_text.done': 'summary done',
  'function_call_arguments.delta': 'arguments',
  'function_call_arguments.done': 'arguments done',
  'custom_tool_call_input.delta': 'input',
  'custom_tool_call_input.done': 'input done',
};

function label({ event, data }: Frame): string {
  const { type, item, part } = data as EventData;
  assert.equal(event, type);
  const name = type.replace(/^response\./, '');
  if (name === 'output_item.added') return `item ${item?.type}`;
  if (name === 'content_part.added') return `part ${part?.type}`;
  return labels[name] ?? name;
}

/** What the official client makes of the frames. */
async function assemble(frames: Frame[]): Promise<Seen> {
  const wire = frames.map(encodeFrame).join('');
  const client = new OpenAI({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(wire, { headers: { 'content-type': 'text/event-stream' } }),
  });
  return readAnswer(await client.responses.stream({ model: 'm', input: 'hi' }).finalResponse());
}

function readAnswer({ output, usage, incomplete_details: cut }: OpenAIResponse | ParsedResponse<null>): Seen {
  const calls: ToolCall[] = [];
  const seen = { text: '', reasoning: '', refusal: '', citations: [] as Seen['choices'][0]['citations'] };
  for (const item of output) {
    if (item.type === 'reasoning') seen.reasoning += item.summary.map(({ text }) => text).join('');
    if (item.type === 'function_call') {
      calls.push({ kind: 'function', id: item.call_id, name: item.name, arguments: item.arguments });
    }
    if (item.type === 'custom_tool_call') {
      calls.push({ kind: 'custom', id: item.call_id, name: item.name, arguments: item.input });
    }
    if (item.type !== 'message') continue;
    for (const content of item.content) {
      if (content.type === 'refusal') seen.refusal += content.refusal;
      else {
        seen.text += content.text;
        for (const annotation of content.annotations) {
          assert.ok(annotation.type === 'url_citation');
          const { url, title, start_index: start, end_index: end } = annotation;
          seen.citations.push({ url, title, start, end });
        }
      }
    }
  }
  const reasons = { max_output_tokens: 'length', content_filter: 'content-filter' } as Record<string, FinishReason>;
  const finish = cut?.reason ? reasons[cut.reason] : calls.length > 0 ? 'tool-calls' : 'stop';
  return {
    choices: [{ ...seen, calls, finish: finish ?? 'stop' }],
    usage: [usage?.input_tokens ?? 0, usage?.output_tokens ?? 0],
  };
}
