import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSimulator } from '../start-simulator.ts';
import { type ErrorBody, post } from './test-client.ts';

const simulator = await startSimulator({ record: 0 });
after(() => simulator[Symbol.asyncDispose]());

const message = (role: string, content: unknown) => ({ type: 'message', role, content });
const user = (content: unknown) => message('user', content);
const said = (text: string) => ({ type: 'input_text', text });
const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
const output = (id: string, value: unknown = 'ok') => ({ type: 'function_call_output', call_id: id, output: value });
const input = (...items: unknown[]) => ({ input: [user('a'), ...items] });
const image = (url: unknown, rest: object = {}) => input(user([{ type: 'input_image', image_url: url, ...rest }]));
const tool = (rest: object) => ({ tools: [{ type: 'function', name: 'f', ...rest }] });
const format = (rest: object) => ({
  text: { format: { type: 'json_schema', name: 'place', schema: { type: 'object' }, ...rest } },
});
const open = { type: 'object', properties: { a: { type: 'string' } } };
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';

const refused: readonly [name: string, request: object, message: RegExp, param: string | null, status?: number][] = [
  ['no model', { model: undefined }, /^Missing required parameter: 'model'\./, 'model'],
  [
    'a model that is no string',
    { model: 5 },
    /^Invalid type for 'model': expected a string, but got an integer/,
    'model',
  ],
  ['no input', { input: undefined }, /^One of "input" or "previous_response_id"/, 'input'],
  ['an empty conversation', { input: [] }, /^One of "input"/, 'input'],
  [
    'an input of a wrong type',
    { input: 5 },
    /^Invalid type for 'input': expected one of an array of objects or/,
    'input',
  ],
  ['a parameter of another API', { max_tokens: 5 }, /^Unknown parameter: 'max_tokens'\./, 'max_tokens'],
  ['messages', { messages: [] }, /^Unknown parameter: 'messages'\./, 'messages'],
  ['stop sequences', { stop: ['a'] }, /^Unknown parameter: 'stop'\./, 'stop'],
  ['a stream that is no boolean', { stream: 'yes' }, /^Invalid type for 'stream': expected a boolean/, 'stream'],
  ['instructions as a list', { instructions: [] }, /expected a string, but got an array/, 'instructions'],
  [
    'a response that nobody keeps',
    { previous_response_id: 'resp_1' },
    /^Previous response with id 'resp_1' not found\./,
    'previous_response_id',
  ],
  ['something to include that is not there', { include: ['all'] }, /^Invalid value: 'all'\. Supported/, 'include[0]'],
  ['too few output tokens', { max_output_tokens: 5 }, />= 16, but got 5 instead\./, 'max_output_tokens'],
  ['half an output token', { max_output_tokens: 20.5 }, /expected an integer, but got a decimal/, 'max_output_tokens'],
  ['temperature 3', { temperature: 3 }, /decimal above maximum value\. Expected a value <= 2/, 'temperature'],
  ['an effort of its own', { reasoning: { effort: 'much' } }, /^Invalid value: 'much'\./, 'reasoning.effort'],
  [
    'a summary of its own',
    { reasoning: { summary: 'none' } },
    /'auto', 'concise', and 'detailed'/,
    'reasoning.summary',
  ],
  ['a verbosity of its own', { text: { verbosity: 'max' } }, /^Invalid value: 'max'\./, 'text.verbosity'],
  ['an item that is no object', input('b'), /^Invalid type for 'input\[1\]': expected an object/, 'input[1]'],
  ['an item of its own', input({ type: 'tool_result' }), /^Invalid value: 'tool_result'\./, 'input[1]'],
  ['a role of its own', input(message('tool', 'b')), /'assistant', 'system', 'developer', and 'user'/, 'input[1].role'],
  ['a message without content', input({ role: 'user' }), /^Missing required parameter/, 'input[1].content'],
  ['tool calls in a message', input({ ...user('b'), tool_calls: [] }), /^Unknown parameter/, 'input[1].tool_calls'],
  [
    "parts of another API's messages",
    input(user([{ type: 'text', text: 'b' }])),
    /^Invalid value: 'text'\. Supported values are: 'input_text', .*'summary_text'\./,
    'input[1].content[0]',
  ],
  [
    'input parts from the assistant',
    input(message('assistant', [said('b')])),
    /^Invalid value: 'input_text'\. Supported values are: 'output_text' and 'refusal'\.$/,
    'input[1].content[0]',
  ],
  [
    'output parts from the user',
    input(user([{ type: 'output_text', text: 'b' }])),
    /^Invalid value: 'output_text'\. Supported values are: 'input_text'/,
    'input[1].content[0]',
  ],
  ['a text part without text', input(user([{ type: 'input_text' }])), /^Missing required/, 'input[1].content[0].text'],
  ['a foreign id', input({ ...user('b'), id: 'x1' }), /Expected an ID that begins with 'msg'/, 'input[1].id'],
  ['a foreign call id', input({ ...call('x'), id: 'x1' }, output('x')), /begins with 'fc'/, 'input[1].id'],
  [
    'reasoning that nobody keeps',
    input({ type: 'reasoning', id: 'rs_1', summary: [] }),
    /^Item with id 'rs_1' not found\. Items are not persisted/,
    'input',
    404,
  ],
  ['arguments as an object', input({ ...call('x'), arguments: {} }), /expected a string/, 'input[1].arguments'],
  ['a call without id', input({ ...call('x'), call_id: undefined }), /^Missing required/, 'input[1].call_id'],
  ['an empty call id', input(call('')), /empty string\. Expected a string with minimum length 1/, 'input[1].call_id'],
  ['a long call id', input(call('x'.repeat(65))), /maximum length 64, but got .* length 65/, 'input[1].call_id'],
  ['a call of no name', input({ ...call('x'), name: 'get weather' }), /does not match pattern/, 'input[1].name'],
  [
    'an output as an object',
    input(call('x'), output('x', {})),
    /^Invalid type for 'input\[2\]\.output'/,
    'input[2].output',
  ],
  ['a call without output', input(call('x')), /^No tool output found for function call x\.$/, 'input'],
  [
    'an output without call',
    input(output('x')),
    /^No tool call found for function call output with call_id x\.$/,
    'input',
  ],
  ['an output before its call', input(output('x'), call('x')), /^No tool call found/, 'input'],
  [
    'a custom call without output',
    input({ type: 'custom_tool_call', call_id: 'x', name: 'f', input: '' }),
    /^No tool output found for custom tool call x\./,
    'input',
  ],
  ['an image that is no URL', image(PNG), /Expected a valid URL/, 'input[1].content[0].image_url'],
  ['an image without URL', image(undefined), /^Missing required parameter/, 'input[1].content[0].image_url'],
  [
    'a TIFF',
    image(`data:image/tiff;base64,${PNG}`),
    /unsupported MIME type 'image\/tiff'/,
    'input[1].content[0].image_url',
  ],
  ['an image that is not base64', image('data:image/png;base64,*'), /invalid base64/, 'input[1].content[0].image_url'],
  ['an image that is none', image('data:image/png;base64,aGVsbG8='), /does not represent a valid image/, 'input'],
  [
    'a detail of its own',
    image(`data:image/png;base64,${PNG}`, { detail: 'all' }),
    /'original'/,
    'input[1].content[0].detail',
  ],
  [
    'an image in an output that is none',
    input(call('x'), output('x', [{ type: 'input_image', image_url: 'file:///a.png' }])),
    /Expected a valid URL/,
    'input[2].output[0].image_url',
  ],
  [
    'a file that is not base64',
    input(user([{ type: 'input_file', filename: 'a.pdf', file_data: 'hello' }])),
    /Expected a base64-encoded data URL/,
    'input[1].content[0].file_data',
  ],
  [
    'a tool in the shape of chat completions',
    { tools: [{ type: 'function', function: { name: 'f' } }] },
    /./,
    'tools[0].name',
  ],
  ['a tool name with a blank', tool({ name: 'get weather' }), /'\^\[a-zA-Z0-9_-\]\+\$'\./, 'tools[0].name'],
  ['a tool of its own type', { tools: [{ type: 'bash' }] }, /^Invalid value: 'bash'\./, 'tools[0].type'],
  ['a string schema', tool({ parameters: { type: 'string' } }), /got 'type: "string"'\./, 'tools[0].parameters'],
  [
    'a strict tool with an open schema',
    tool({ strict: true, parameters: open }),
    /^Invalid schema for function 'f': In context=\(\), 'additionalProperties' is required .* false\./,
    'tools[0].parameters',
  ],
  [
    'a strict tool that requires too little',
    tool({ strict: true, parameters: { ...open, additionalProperties: false } }),
    /Missing 'a'\./,
    'tools[0].parameters',
  ],
  [
    'a wrong tool that the input adds',
    input({ type: 'additional_tools', role: 'developer', tools: [{ type: 'function', name: '?' }] }),
    /does not match pattern/,
    'input[1].tools[0].name',
  ],
  ['a choice of its own', { tool_choice: 'any' }, /'none', 'auto', and 'required'/, 'tool_choice'],
  ['a forced choice without tools', { tool_choice: 'required' }, /must be specified with 'tools'/, 'tool_choice'],
  [
    'a choice of no tool',
    { ...tool({}), tool_choice: { type: 'function', name: 'g' } },
    /not found in 'tools'/,
    'tool_choice',
  ],
  ['a format without name', format({ name: undefined }), /^Missing required parameter/, 'text.format.name'],
  ['a format of its own', { text: { format: { type: 'xml' } } }, /^Invalid value: 'xml'\./, 'text.format.type'],
  ['an output schema for a list', format({ schema: { type: 'array' } }), /got 'type: "array"'/, 'text.format.schema'],
  [
    'a strict output schema that is open inside',
    format({
      strict: true,
      schema: { type: 'object', additionalProperties: false, required: ['b'], properties: { b: open } },
    }),
    /^Invalid schema for response_format 'place': In context=\('properties', 'b'\), 'additionalProperties'/,
    'text.format.schema',
  ],
];
for (const [name, request, words, param, status = 400] of refused) {
  test(`refused: ${name}`, async () => {
    const response = await post(simulator, { input: 'Hello', ...request });
    const { error } = (await response.json()) as ErrorBody;
    assert.equal(response.status, status, JSON.stringify(error));
    assert.equal(error.type, 'invalid_request_error');
    assert.match(error.message, words);
    assert.equal(error.param, param);
  });
}

test('taken: a long and varied conversation', async () => {
  const response = await post(simulator, {
    instructions: 'Be brief',
    tools: [
      { type: 'function', name: 'f', parameters: open, strict: false },
      { type: 'custom', name: 'write' },
      { type: 'web_search', external_web_access: true },
    ],
    tool_choice: { type: 'function', name: 'f' },
    parallel_tool_calls: true,
    reasoning: { effort: 'high', summary: 'auto', context: 'all_turns' },
    include: ['reasoning.encrypted_content'],
    store: false,
    prompt_cache_key: 'k',
    client_metadata: { thread_id: 't' },
    text: { verbosity: 'medium', format: { type: 'json_schema', name: 'place', strict: false, schema: open } },
    input: [
      message('system', 'Be kind'),
      message('developer', [said('Be terse')]),
      user([
        said('Look'),
        { type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'high' },
        { type: 'input_image', image_url: 'https://example.com/a.png' },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
      ]),
      { type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: 'gAAAA' },
      message('assistant', [{ type: 'output_text', text: 'I call', annotations: [] }]),
      { ...call('call_1'), id: 'fc_1', status: 'completed' },
      { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'write', input: 'any' },
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'a' } },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: 'done' },
      output('call_1', [said('18 degrees'), { type: 'input_image', image_url: `data:image/png;base64,${PNG}` }]),
      user('and now?'),
    ],
  });
  assert.equal(response.status, 200, await response.text());
});

test('a client without a key is not signed in', async () => {
  const response = await post(simulator, 'Hello', { headers: {} });
  assert.equal(response.status, 401);
  assert.match(((await response.json()) as ErrorBody).error.message, /^Missing bearer/);
});

test('what is not JSON is refused', async () => {
  const response = await post(simulator, 'Hello', { body: '{"model":' });
  assert.equal(response.status, 400);
});

test('other paths are not found, in the words of this API', async () => {
  for (const path of ['/v1/responses/compact', '/v1/responses/resp_1', '/v1/models?client_version=1']) {
    const response = await fetch(simulator.url + path, { headers: { authorization: 'Bearer dummy' } });
    assert.equal(response.status, 404);
    assert.match(((await response.json()) as ErrorBody).error.message, /^Invalid URL \(GET \/v1\//);
  }
});
