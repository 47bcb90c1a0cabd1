import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSimulator } from '../start-simulator.ts';
import { type ErrorBody, post } from './test-client.ts';

const simulator = await startSimulator({ record: 0 });
after(() => simulator[Symbol.asyncDispose]());

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown, ...calls: object[]) => ({
  role: 'assistant',
  content,
  ...(calls.length > 0 && { tool_calls: calls }),
});
const call = (id: unknown, json: unknown = '{}') => ({
  id,
  type: 'function',
  function: { name: 'f', arguments: json },
});
const result = (id: unknown, content: unknown = 'ok') => ({ role: 'tool', tool_call_id: id, content });
const text = (words: unknown) => ({ type: 'text', text: words });
const image = (url: unknown) => ({ type: 'image_url', image_url: { url } });
const file = (file_data: unknown, filename: unknown = 'a.pdf') => ({ type: 'file', file: { filename, file_data } });
const audio = (data: unknown, format: unknown = 'wav') => ({ type: 'input_audio', input_audio: { data, format } });
const tool = (name: unknown, rest: object = { parameters: { type: 'object', properties: {} } }) => ({
  type: 'function',
  function: { name, ...rest },
});
const format = (json_schema: object) => ({ response_format: { type: 'json_schema', json_schema } });
const messages = (...list: unknown[]) => ({ messages: list });
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const PDF = Buffer.from('%PDF-1.4').toString('base64');

type Refused = readonly [name: string, request: object, message: RegExp, param?: string | null];
const refused: readonly Refused[] = [
  ['no model', { model: undefined }, /^you must provide a model parameter/, null],
  ['no messages', { messages: undefined }, /^Missing required parameter: 'messages'/, 'messages'],
  ['messages that are no list', { messages: 'Hello' }, /^Invalid type for 'messages'/],
  ['an empty conversation', messages(), /^Invalid 'messages': empty array/],
  ['a message that is none', messages('Hello'), /^Invalid type for 'messages\[0\]'/],
  ['a message without role', messages({ content: 'a' }), /^Missing required parameter: 'messages\[0\]\.role'/],
  [
    'a role of its own',
    messages(user('a'), { role: 'model', content: 'b' }),
    /^Invalid value: 'model'\. Supported values are: 'system', 'developer', 'user', 'assistant', 'tool'\./,
    'messages[1].role',
  ],
  ['a message without content', messages({ role: 'user' }), /^Missing required parameter: 'messages\[0\]\.content'/],
  ['null for a user', messages(user(null)), /expected a string, got null/],
  ['null for an assistant', messages(user('a'), assistant(null)), /expected a string, got null/],
  ['a number for content', messages(user(1)), /^Invalid type for 'messages\[0\]\.content'/],
  ['an empty list of parts', messages(user([])), /^Invalid 'messages\[0\]\.content': empty array/],
  ['a part without type', messages(user([{ text: 'a' }])), /'messages\[0\]\.content\[0\]\.type'/],
  ['a part of another API', messages(user([{ type: 'input_text', text: 'a' }])), /^Invalid value: 'input_text'/],
  ['a part without text', messages(user([{ type: 'text' }])), /'messages\[0\]\.content\[0\]\.text'/],
  ['an image of the system', messages({ role: 'system', content: [image('https://a.b/c')] }), /'image_url'.*'system'/],
  [
    'an image in a tool result',
    messages(user('a'), assistant(null, call('x')), result('x', [image('https://a.b/c')])),
    /'image_url'.*'tool'/,
  ],
  ['an image that is no URL', messages(user([image('picture.png')])), /Expected a valid URL/],
  ['an image in base64 alone', messages(user([image(PNG)])), /Expected a valid URL/],
  [
    'an image that is not base64',
    messages(user([image('data:image/png;base64,***')])),
    /Expected a base64-encoded data URL/,
    'messages[0].content[0].image_url.url',
  ],
  ['an image with broken padding', messages(user([image('data:image/png;base64,iVBOR')])), /base64-encoded data URL/],
  ['an image without base64', messages(user([image('data:image/png,hello')])), /base64-encoded data URL/],
  ['an image that is text', messages(user([image('data:text/plain;base64,aGVsbG8=')])), /MIME type 'text\/plain'/],
  ['an image of no known format', messages(user([image('data:image/png;base64,aGVsbG8=')])), /unsupported image/, null],
  ['an image without URL', messages(user([{ type: 'image_url', image_url: {} }])), /'.*image_url\.url'/],
  ['an image as a string', messages(user([{ type: 'image_url', image_url: 'https://a.b' }])), /'.*image_url'/],
  ['a file without name', messages(user([file(`data:application/pdf;base64,${PDF}`, '')])), /file\.filename'/],
  ['a file in base64 alone', messages(user([file(PDF)])), /file\.file_data'.*valid URL/],
  ['a file that is no PDF', messages(user([file(`data:application/pdf;base64,${PNG}`)])), /parsed as a PDF/],
  ['a file of text', messages(user([file('data:text/plain;base64,aGVsbG8=')])), /MIME type 'text\/plain'/],
  ['sound without format', messages(user([audio('aGVsbG8=', '')])), /input_audio\.format'/],
  ['sound that is not base64', messages(user([audio('***')])), /input_audio\.data'/],
  [
    'a result without a call',
    messages(user('a'), result('x')),
    /^Invalid parameter: messages with role 'tool' must be a response/,
    'messages[1].role',
  ],
  [
    'a result of another call',
    messages(user('a'), assistant(null, call('x')), result('y'), result('x')),
    /^Invalid parameter: messages with role 'tool'/,
  ],
  [
    'two results for one call',
    messages(user('a'), assistant(null, call('x')), result('x'), result('x')),
    /^Invalid parameter: messages with role 'tool'/,
  ],
  [
    'a result that names no call',
    messages(user('a'), assistant(null, call('x')), { role: 'tool', content: 'ok' }),
    /'messages\[2\]\.tool_call_id'/,
  ],
  [
    'calls without results',
    messages(user('a'), assistant(null, call('x'), call('y')), result('x')),
    /must be followed by tool messages.*did not have response messages: y$/,
    'messages',
  ],
  [
    'results after a user',
    messages(user('a'), assistant(null, call('x')), user('b'), result('x')),
    /did not have response messages: x$/,
  ],
  ['an empty list of calls', messages(user('a'), { ...assistant('b'), tool_calls: [] }), /tool_calls': empty array/],
  ['one id for two calls', messages(user('a'), assistant(null, call('x'), call('x')), result('x')), /^Duplicate/],
  ['a call without id', messages(user('a'), assistant(null, call(undefined))), /tool_calls\[0\]\.id'/],
  [
    'a call without type',
    messages(user('a'), assistant(null, { ...call('x'), type: undefined })),
    /tool_calls\[0\]\.type'/,
  ],
  [
    'a call of no function',
    messages(user('a'), assistant(null, { id: 'x', type: 'function' })),
    /tool_calls\[0\]\.function'/,
  ],
  ['arguments that are not JSON', messages(user('a'), assistant(null, call('x', '{"a":')), result('x')), /JSON format/],
  ['arguments that are no object', messages(user('a'), assistant(null, call('x', '[1]')), result('x')), /JSON format/],
  ['arguments as an object', messages(user('a'), assistant(null, call('x', {})), result('x')), /JSON format/],
  [
    'a call without arguments',
    messages(user('a'), assistant(null, { id: 'x', type: 'function', function: { name: 'f' } }), result('x')),
    /function\.arguments'/,
  ],
  ['a tool of another API', { tools: [{ name: 'f', parameters: {} }] }, /'tools\[0\]\.type'/],
  ['a tool of another type', { tools: [{ type: 'web_search' }] }, /^Invalid value: 'web_search'/],
  ['a tool without name', { tools: [tool(undefined)] }, /'tools\[0\]\.function\.name'/],
  ['a tool name with a blank', { tools: [tool('get weather')] }, /does not match pattern/, 'tools[0].function.name'],
  ['a tool name of 65 letters', { tools: [tool('f'.repeat(65))] }, /does not match pattern/],
  ['129 tools', { tools: Array.from({ length: 129 }, (_, index) => tool(`f${index}`)) }, /maximum length 128/],
  ['a string schema', { tools: [tool('f', { parameters: { type: 'string' } })] }, /got 'type: "string"'/],
  ['a schema without type', { tools: [tool('f', { parameters: { properties: {} } })] }, /got 'type: "None"'/],
  [
    'a strict tool left open',
    { tools: [tool('f', { strict: true, parameters: { type: 'object' } })] },
    /^Invalid schema for function 'f': In context=\(\), 'additionalProperties' is required/,
  ],
  ['a choice without tools', { tool_choice: 'auto' }, /'tool_choice' is only allowed when 'tools'/],
  ['parallel calls without tools', { parallel_tool_calls: false }, /'parallel_tool_calls' is only allowed when/],
  ['a choice of its own', { tools: [tool('f')], tool_choice: 'any' }, /^Invalid value: 'any'/],
  [
    'a choice in another shape',
    { tools: [tool('f')], tool_choice: { type: 'tool', name: 'f' } },
    /^Invalid value: 'tool'/,
  ],
  ['a choice of no tool', { tools: [tool('f')], tool_choice: tool('g', {}) }, /'g' not found/],
  [
    'a forced tool with thinking',
    { tools: [tool('f')], tool_choice: 'required', enable_thinking: true },
    /does not support being set to required or object in thinking mode/,
    null,
  ],
  ['a format of its own', { response_format: { type: 'json' } }, /^Invalid value: 'json'/],
  [
    'a JSON object unasked for',
    { response_format: { type: 'json_object' } },
    /must contain the word 'json'/,
    'messages',
  ],
  ['a format without schema', format({ name: 'a' }), /'response_format\.json_schema\.schema'/],
  ['a format without name', format({ schema: { type: 'object' } }), /'response_format\.json_schema\.name'/],
  ['a format with a blank name', format({ name: 'a b', schema: { type: 'object' } }), /does not match pattern/],
  ['a list for an answer', format({ name: 'a', schema: { type: 'array' } }), /got 'type: "array"'/],
  [
    'a strict format left open inside',
    format({
      name: 'a',
      strict: true,
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['b'],
        properties: { b: { type: 'array', items: { type: 'object' } } },
      },
    }),
    /In context=\('properties', 'b', 'items'\), 'additionalProperties'/,
    'response_format',
  ],
  [
    'a strict format with an optional property',
    format({
      name: 'a',
      strict: true,
      schema: { type: 'object', additionalProperties: false, required: [], properties: { b: { type: 'string' } } },
    }),
    /Missing 'b'/,
  ],
  ['usage of no stream', { stream_options: { include_usage: true } }, /only allowed when 'stream' is enabled/],
  ['max_tokens 0', { max_tokens: 0 }, /^Invalid 'max_tokens': integer below minimum value/, 'max_tokens'],
  ['max_tokens as text', { max_tokens: '1' }, /^Invalid type for 'max_tokens'/],
  ['two limits', { max_tokens: 1, max_completion_tokens: 1 }, /at the same time is not supported/],
  ['temperature 3', { temperature: 3 }, /^Invalid 'temperature': decimal above maximum value/],
  ['top_p -1', { top_p: -1 }, /^Invalid 'top_p': decimal below minimum value/],
  ['thinking as text', { enable_thinking: 'yes' }, /^Invalid type for 'enable_thinking'/],
  ['a stop that is no text', { stop: [1] }, /^Invalid type for 'stop'/],
  ['a parameter of another API', { max_output_tokens: 5 }, /^Unknown parameter: 'max_output_tokens'/],
];
for (const [name, request, message, param] of refused) {
  test(`refused: ${name}`, async () => {
    const response = await post(simulator, { messages: [user('Hello')], ...request });
    const body = (await response.json()) as ErrorBody;
    assert.equal(response.status, 400, JSON.stringify(body));
    assert.equal(body.error.type, 'invalid_request_error');
    assert.match(body.error.message, message);
    if (param !== undefined) assert.equal(body.error.param, param);
  });
}

test('taken: a long and varied conversation', async () => {
  const response = await post(simulator, {
    tools: [tool('f'), tool('mcp__client__g', { description: 'G', parameters: {} }), tool('h', {})],
    tool_choice: { type: 'function', function: { name: 'f' } },
    parallel_tool_calls: false,
    enable_thinking: false,
    temperature: 0.2,
    top_p: 1,
    max_tokens: 100,
    seed: 1,
    stop: ['a', 'b'],
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: 'Be brief' },
      { role: 'developer', content: [text('Be kind')] },
      user([
        text(''),
        image(`data:image/png;base64,${PNG}`),
        image('https://example.com/a.png'),
        file(`data:application/pdf;base64,${PDF}`),
        audio('aGVsbG8='),
        audio('data:audio/wav;base64,aGVsbG8='),
        { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } },
      ]),
      { ...assistant('I call', call('call_1'), call('call-2', '{"a":1}')), reasoning_content: 'Hm' },
      result('call-2', ''),
      result('call_1', [text('ok')]),
      user('and now?'),
      assistant(''),
      assistant(null, call('call_1')),
      result('call_1'),
      assistant('It is'),
    ],
  });
  assert.equal(response.status, 200, await response.text());
});

test('taken: no tools at all', async () => {
  assert.equal((await post(simulator, { tools: [], messages: [user('Hello')] })).status, 200);
});

test('taken: a schema left open that is not strict', async () => {
  const request = { ...format({ name: 'a', schema: { type: 'object' } }), messages: [user('Hello')] };
  assert.equal((await post(simulator, request)).status, 200);
});

test('a client without a key is not signed in', async () => {
  for (const headers of [{}, { authorization: 'Basic abc' }, { 'x-api-key': 'dummy' }]) {
    const response = await post(simulator, 'Hello', { headers });
    assert.equal(response.status, 401);
    const { error } = (await response.json()) as ErrorBody;
    assert.match(error.message, /didn't provide an API key/);
    assert.equal(error.type, 'invalid_request_error');
  }
});

test('what is not JSON is refused', async () => {
  const response = await post(simulator, 'Hello', { body: '{"model":' });
  assert.equal(response.status, 400);
  assert.match(((await response.json()) as ErrorBody).error.message, /could not parse the JSON body/);
});

test('only POST is allowed', async () => {
  const response = await fetch(`${simulator.url}/v1/chat/completions`);
  assert.equal(response.status, 405);
  assert.equal(((await response.json()) as ErrorBody).error.code, 'method_not_supported');
});
