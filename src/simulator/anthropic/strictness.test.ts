import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSimulator } from '../start-simulator.ts';
import { type ErrorBody, post } from './test-client.ts';

const simulator = await startSimulator({ record: 0 });
after(() => simulator[Symbol.asyncDispose]());

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });
const call = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
const result = (id: string, content: unknown = 'ok') => ({ type: 'tool_result', tool_use_id: id, content });
const text = (words: string) => ({ type: 'text', text: words });
const tool = (name: string, input_schema: object = { type: 'object' }) => ({ name, input_schema });
const image = (media_type: string, data: string) => ({ type: 'image', source: { type: 'base64', media_type, data } });
const pdf = (data: string) => ({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } });
const format = (schema: object) => ({ output_config: { format: { type: 'json_schema', schema } } });
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex').toString('base64');

const refused: readonly [name: string, request: object, message: RegExp][] = [
  ['no model', { model: undefined }, /^model: Field required/],
  ['no messages', { messages: undefined }, /^messages: Field required/],
  ['an empty conversation', { messages: [] }, /^messages: at least one message is required/],
  ['max_tokens 0', { max_tokens: 0 }, /^max_tokens: Input should be greater than or equal to 1/],
  ['no max_tokens', { max_tokens: undefined }, /^max_tokens: Field required/],
  ['temperature 1.5', { temperature: 1.5 }, /^temperature: range: 0\.\.1/],
  ['a blank stop sequence', { stop_sequences: [' '] }, /^stop_sequences: .*non-whitespace/],
  [
    'an assistant first',
    { messages: [assistant('a'), user('b')] },
    /^messages: first message must use the "user" role/,
  ],
  [
    'a role of its own',
    { messages: [user('a'), { role: 'tool', content: 'b' }] },
    /^messages\.1\.role: Input should be/,
  ],
  ['empty content', { messages: [user('a'), assistant([]), user('b')] }, /^messages\.1: .*non-empty content/],
  ['an empty string', { messages: [user('')] }, /^messages\.0: .*non-empty content/],
  ['an empty text', { messages: [user([text('')])] }, /^messages: text content blocks must be non-empty/],
  ['a blank text', { messages: [user([text(' \n')])] }, /^messages: text content blocks must contain non-whitespace/],
  ['an empty system text', { system: [text('')] }, /^system: text content blocks must be non-empty/],
  ['a prefill that ends in a blank', { messages: [user('a'), assistant('b ')] }, /cannot end with trailing whitespace/],
  [
    'calls without results',
    { messages: [user('a'), assistant([call('x'), call('y')]), user([result('x')])] },
    /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: y\. /,
  ],
  [
    'results after text',
    { messages: [user('a'), assistant([call('x')]), user([text('b'), result('x')])] },
    /without `tool_result` blocks immediately after: x/,
  ],
  [
    'results two messages later',
    { messages: [user('a'), assistant([call('x')]), user('b'), assistant('c'), user([result('x')])] },
    /^messages\.1: .* immediately after: x/,
  ],
  ['an open call', { messages: [user('a'), assistant([call('x')])] }, /^messages\.1: .* immediately after: x/],
  [
    'a result without a call',
    { messages: [user([result('x')])] },
    /^messages\.0\.content\.0: unexpected `tool_use_id` found in `tool_result` blocks: x\. /,
  ],
  [
    'two results for one call',
    { messages: [user('a'), assistant([call('x')]), user([result('x'), result('x')])] },
    /^messages\.2\.content\.1: each tool_use must have a single result/,
  ],
  [
    'one id for two calls',
    { messages: [user('a'), assistant([call('x'), call('x')]), user([result('x')])] },
    /`tool_use` ids must be unique/,
  ],
  [
    'an id with other characters',
    { messages: [user('a'), assistant([call('x:1')]), user([result('x:1')])] },
    /^messages\.1\.content\.0\.tool_use\.id: String should match pattern/,
  ],
  ['two tools of one name', { tools: [tool('f'), tool('f')] }, /^tools: Tool names must be unique\./],
  [
    'a tool name with a blank',
    { tools: [tool('get weather')] },
    /^tools\.0\.custom\.name: String should match pattern/,
  ],
  ['a tool name of 129 letters', { tools: [tool('f'.repeat(129))] }, /^tools\.0\.custom\.name/],
  ['a schema without type', { tools: [tool('f', {})] }, /^tools\.0\.custom\.input_schema\.type: Field required/],
  ['a string schema', { tools: [tool('f', { type: 'string' })] }, /input_schema\.type: Input should be 'object'/],
  ['anyOf on top', { tools: [tool('f', { type: 'object', anyOf: [] })] }, /does not support oneOf, allOf, or anyOf/],
  [
    'a choice without tools',
    { tool_choice: { type: 'any' } },
    /^tool_choice may only be specified while providing tools/,
  ],
  ['a choice of no tool', { tools: [tool('f')], tool_choice: { type: 'tool', name: 'g' } }, /'g' not found/],
  [
    'temperature with thinking',
    { temperature: 0, thinking: { type: 'adaptive' } },
    /^`temperature` may only be set to 1 when thinking is enabled/,
  ],
  [
    'a thinking budget over max_tokens',
    { max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 2000 } },
    /^`max_tokens` must be greater than `thinking\.budget_tokens`/,
  ],
  ['a small budget', { thinking: { type: 'enabled', budget_tokens: 10 } }, /greater than or equal to 1024/],
  [
    'a forced tool with thinking',
    { tools: [tool('f')], tool_choice: { type: 'any' }, thinking: { type: 'adaptive' } },
    /^Thinking may not be enabled when tool_choice forces tool use/,
  ],
  [
    'an image of a wrong type',
    { messages: [user([image('image/png', JPEG)])] },
    /^messages\.0\.content\.0\.image\.source/,
  ],
  [
    'an image that is none',
    { messages: [user([image('image/png', 'aGVsbG8=')])] },
    /does not match the provided media/,
  ],
  ['an image that is not base64', { messages: [user([image('image/png', '*')])] }, /invalid base64 data/],
  ['a TIFF', { messages: [user([image('image/tiff', PNG)])] }, /media_type: Input should be 'image\/jpeg'/],
  [
    'an image in a result',
    { messages: [user('a'), assistant([call('x')]), user([result('x', [image('image/png', JPEG)])])] },
    /^messages\.2\.content\.0\.tool_result\.content\.0\.image\.source.* appears to be a image\/jpeg image/,
  ],
  ['a PDF that is none', { messages: [user([pdf(PNG)])] }, /document\.source\.base64\.data: The PDF .* not valid/],
  [
    'an open output schema',
    format({ type: 'object', additionalProperties: false, properties: { a: { items: { type: 'object' } } } }),
    /^output_config\.format\.schema: For 'object' type, 'additionalProperties' must be explicitly set to false/,
  ],
  [
    'an output schema left open',
    format({ type: 'object', additionalProperties: true }),
    /'additionalProperties: true'/,
  ],
];
for (const [name, request, message] of refused) {
  test(`refused: ${name}`, async () => {
    const response = await post(simulator, { messages: [user('Hello')], ...request });
    const body = (await response.json()) as ErrorBody;
    assert.equal(response.status, 400, JSON.stringify(body));
    assert.equal(body.error.type, 'invalid_request_error');
    assert.match(body.error.message, message);
  });
}

test('taken: a long and varied conversation', async () => {
  const response = await post(simulator, {
    system: [text('Be brief')],
    tools: [tool('f', { type: 'object', properties: {} }), { type: 'web_search_20250305', name: 'web_search' }],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    thinking: { type: 'adaptive', display: 'updates' },
    temperature: 1,
    messages: [
      user([text('Look'), image('image/png', PNG), pdf(Buffer.from('%PDF-1.4').toString('base64'))]),
      { role: 'system', content: [] },
      assistant([text('I call'), call('toolu_1'), call('call-2')]),
      user([result('call-2', ''), result('toolu_1', [image('image/jpeg', JPEG)]), text('and now?')]),
      { role: 'system', content: [text('Be kind')] },
    ],
  });
  assert.equal(response.status, 200, await response.text());
});

test('a client without a key is not signed in', async () => {
  const response = await post(simulator, 'Hello', { headers: {} });
  assert.equal(response.status, 401);
  assert.equal(((await response.json()) as ErrorBody).error.type, 'authentication_error');
});

test('what is not JSON is refused', async () => {
  const response = await post(simulator, 'Hello', { body: '{"model":' });
  assert.equal(response.status, 400);
});

test('an unknown path is not found', async () => {
  const response = await fetch(`${simulator.url}/v1/complete`, { method: 'POST' });
  assert.equal(response.status, 404);
  assert.equal(((await response.json()) as ErrorBody).error.type, 'not_found_error');
});
