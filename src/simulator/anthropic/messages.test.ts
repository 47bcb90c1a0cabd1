import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSimulator } from '../start-simulator.ts';
import { type Block, type ErrorBody, type Message, post, type StreamEvent, stream, textOf } from './test-client.ts';

const simulator = await startSimulator({ seed: 'x' });
after(() => simulator[Symbol.asyncDispose]());

function blocksOf(events: readonly StreamEvent[]): readonly Block[] {
  return events.flatMap((event) => (event.type === 'content_block_start' ? (event.content_block ?? []) : []));
}

test('a streamed answer has every event in its place', async () => {
  const events = await stream(simulator, '[[think Let me see]] [[text Hello there]]');
  assert.deepEqual(
    events.map(({ type, index, delta }) => [type, index, delta?.type].filter((part) => part !== undefined).join(' ')),
    [
      'message_start',
      'ping',
      'content_block_start 0',
      ...Array(3).fill('content_block_delta 0 thinking_delta'),
      'content_block_delta 0 signature_delta',
      'content_block_stop 0',
      'content_block_start 1',
      ...Array(2).fill('content_block_delta 1 text_delta'),
      'content_block_stop 1',
      'message_delta',
      'message_stop',
    ],
  );
  const message = events[0]?.message;
  assert.ok(message);
  assert.match(message.id, /^msg_simx\d{6}$/);
  assert.equal(message.model, 'claude-test');
  assert.ok(message.usage.input_tokens > 0);
  const end = events.at(-2);
  assert.deepEqual(end?.delta, { stop_reason: 'end_turn', stop_sequence: null });
  assert.ok(end.usage && end.usage.output_tokens > 0);
  assert.equal(textOf(events), 'Hello there');
});

test('parallel calls stream their arguments in parts', async () => {
  const weather = { city: 'Paris', days: [1, 2, 3], unit: 'celsius' };
  const events = await stream(simulator, `[[call get_weather ${JSON.stringify(weather)}]] [[call now]]`);
  const starts = blocksOf(events);
  assert.deepEqual(
    starts.map(({ type, name, input }) => [type, name, input]),
    [
      ['tool_use', 'get_weather', {}],
      ['tool_use', 'now', {}],
    ],
  );
  assert.notEqual(starts[0]?.id, starts[1]?.id);
  const parts = (index: number) =>
    events.filter((event) => event.index === index).flatMap(({ delta }) => delta?.partial_json ?? []);
  assert.ok(parts(0).length > 2);
  assert.deepEqual(JSON.parse(parts(0).join('')), weather);
  assert.deepEqual(JSON.parse(parts(1).join('')), {});
  assert.equal(events.at(-2)?.delta?.stop_reason, 'tool_use');
});

test('a whole answer says the same as a stream', async () => {
  using _ = simulator.script('whole', [
    { type: 'thinking', text: 'Hm', signature: 'c2ln' },
    { type: 'text', text: 'Hello' },
    { type: 'call', name: 'f', arguments: { a: 1 }, id: 'toolu_1' },
    { type: 'usage', input: 5, output: 6, cacheRead: 7, cacheWrite: 8 },
    { type: 'headers', headers: { 'anthropic-ratelimit-unified-status': 'allowed' } },
  ]);
  const response = await post(simulator, 'whole');
  assert.equal(response.headers.get('anthropic-ratelimit-unified-status'), 'allowed');
  const { id, ...message } = (await response.json()) as Message;
  assert.match(id, /^msg_/);
  assert.deepEqual(message, {
    type: 'message',
    role: 'assistant',
    model: 'claude-test',
    content: [
      { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 6, cache_read_input_tokens: 7, cache_creation_input_tokens: 8 },
  });
});

test('a web search is a server tool with its result and citations', async () => {
  const request = {
    tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    messages: [{ role: 'user', content: 'Perform a web search for the query: rain in Paris' }],
  };
  const events = await stream(simulator, request);
  const blocks = blocksOf(events);
  assert.deepEqual(
    blocks.map(({ type }) => type),
    ['server_tool_use', 'web_search_tool_result', 'text'],
  );
  assert.equal(blocks[1]?.tool_use_id, blocks[0]?.id);
  const found = blocks[1]?.content?.map(({ url }) => url) ?? [];
  assert.match(found.join(), /example\.com.*example\.org/);
  const query = events.map((event) => event.delta?.partial_json ?? '').join('');
  assert.deepEqual(JSON.parse(query), { query: 'rain in Paris' });
  const citations = events.flatMap((event) => event.delta?.citation ?? []);
  assert.deepEqual(
    citations.map(({ url }) => url),
    found,
  );
  assert.equal(events.at(-2)?.usage?.server_tool_use?.web_search_requests, 1);
});

test('every way to finish', async () => {
  const finish = async (request: string | object) => (await stream(simulator, request)).at(-2)?.delta;
  assert.deepEqual(await finish('[[length]]'), { stop_reason: 'max_tokens', stop_sequence: null });
  assert.deepEqual(await finish('[[refuse]]'), { stop_reason: 'refusal', stop_sequence: null });
  using _ = simulator.script('paused', [{ type: 'finish', reason: 'pause_turn' }]);
  assert.equal((await finish('paused'))?.stop_reason, 'pause_turn');
  const stopped = { stop_sequences: ['two'], messages: [{ role: 'user', content: '[[text one two three]]' }] };
  assert.deepEqual(await finish(stopped), { stop_reason: 'stop_sequence', stop_sequence: 'two' });
  assert.equal(textOf(await stream(simulator, stopped)), 'one ');
});

test('an HTTP error has its status, type, headers and request id', async () => {
  const response = await post(simulator, '[[status 429 {"retry-after":"7"}]]');
  assert.equal(response.status, 429);
  assert.equal(response.headers.get('retry-after'), '7');
  const body = (await response.json()) as ErrorBody;
  assert.equal(body.type, 'error');
  assert.equal(body.error.type, 'rate_limit_error');
  assert.equal(body.request_id, response.headers.get('request-id'));
});

test('an error in mid-stream comes after content and ends the stream', async () => {
  const events = await stream(simulator, '[[text Hello]] [[error overloaded_error]]');
  assert.equal(textOf(events), 'Hello');
  assert.equal(events.at(-1)?.type, 'error');
  assert.equal(events.at(-1)?.error?.type, 'overloaded_error');
  assert.equal((await post(simulator, '[[text Hello]] [[error overloaded_error]]')).status, 529);
});

test('without a directive the answer says that it is simulated and how to steer it', async () => {
  const answer = textOf(await stream(simulator, 'What is the weather?'));
  assert.match(answer, /simulated.*not from a real model.*"What is the weather\?".*\[\[text Hello there\]\]/);
});

test('what Claude Code adds to a prompt is not the prompt', async () => {
  const messages = [
    { role: 'user', content: '[[text old]]' },
    { role: 'assistant', content: 'old' },
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>\n[[text no]]\n</system-reminder>' },
        { type: 'text', text: '[[text yes]]' },
      ],
    },
    { role: 'system', content: [{ type: 'text', text: '[[text neither]]' }] },
    { role: 'system', content: [] },
  ];
  assert.equal(textOf(await stream(simulator, { messages })), 'yes');
});

test('tool results are quoted, or obeyed where they hold a directive', async () => {
  const after = (...blocks: object[]) => ({
    messages: [
      { role: 'user', content: '[[call f]]' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
      { role: 'user', content: blocks },
    ],
  });
  const result = (content: unknown) => ({ type: 'tool_result', tool_use_id: 'a', content });
  const reminder = { type: 'text', text: '<system-reminder>Be kind</system-reminder>' };
  assert.match(textOf(await stream(simulator, after(result('18 degrees'), reminder))), /simulated.*"18 degrees"/);
  assert.equal(textOf(await stream(simulator, after(result([{ type: 'text', text: '[[text told]]' }])))), 'told');
  assert.equal(textOf(await stream(simulator, after(result('[[text a]]'), { type: 'text', text: '[[text b]]' }))), 'b');
});

test('an output schema is satisfied', async () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['city'],
    properties: { city: { type: 'string' } },
  };
  const output_config = { effort: 'high', format: { type: 'json_schema', schema } };
  const events = await stream(simulator, { output_config, messages: [{ role: 'user', content: 'Where?' }] });
  assert.deepEqual(JSON.parse(textOf(events)), { city: 'simulated' });
});

test('tokens are counted', async () => {
  const response = await fetch(`${simulator.url}/v1/messages/count_tokens?beta=true`, {
    method: 'POST',
    headers: { authorization: 'Bearer dummy' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  assert.ok(((await response.json()) as Message['usage']).input_tokens > 0);
});

test("a test's script that fails is an API error that says so", async () => {
  using _ = simulator.script('boom', () => {
    throw new Error('the test is wrong');
  });
  const response = await post(simulator, 'boom');
  assert.equal(response.status, 500);
  assert.match(await response.text(), /the test is wrong/);
});
