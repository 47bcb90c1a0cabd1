import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import OpenAI from 'openai';
import { startSimulator } from '../start-simulator.ts';
import {
  deltasOf,
  type ErrorBody,
  endOf,
  post,
  type ResponseBody,
  readEvents,
  type StreamEvent,
  stream,
  textOf,
} from './test-client.ts';

const simulator = await startSimulator({ seed: 'x' });
after(() => simulator[Symbol.asyncDispose]());

const user = (content: unknown) => ({ type: 'message', role: 'user', content });
const thinking = { reasoning: { effort: 'high', summary: 'auto' }, include: ['reasoning.encrypted_content'] };
const tool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false };

function typesOf(events: readonly StreamEvent[]): string[] {
  return events.map(({ type, output_index: index }) => [type.replace('response.', ''), index].join(' ').trim());
}

test('a streamed answer has every event in its place', async () => {
  const events = await stream(simulator, {
    ...thinking,
    input: '[[think Let me see]] [[text Hello there]] [[call f]]',
  });
  assert.deepEqual(typesOf(events), [
    'created',
    'in_progress',
    'output_item.added 0',
    'reasoning_summary_part.added 0',
    ...Array(3).fill('reasoning_summary_text.delta 0'),
    'reasoning_summary_text.done 0',
    'reasoning_summary_part.done 0',
    'output_item.done 0',
    'output_item.added 1',
    'content_part.added 1',
    ...Array(2).fill('output_text.delta 1'),
    'output_text.done 1',
    'content_part.done 1',
    'output_item.done 1',
    'output_item.added 2',
    'function_call_arguments.delta 2',
    'function_call_arguments.done 2',
    'output_item.done 2',
    'completed',
  ]);
  assert.match(events[0]?.response?.id ?? '', /^resp_simx\d{6}$/);
  assert.deepEqual(events[0]?.response?.output, []);
  assert.equal(events[0]?.response?.status, 'in_progress');
  const { status, model, output, usage } = endOf(events);
  assert.equal(status, 'completed');
  assert.equal(model, 'gpt-test');
  assert.deepEqual(
    output,
    events.flatMap(({ type, item }) => (type === 'response.output_item.done' ? [item] : [])),
  );
  assert.deepEqual(
    output.map(({ id, type }) => [id.replace(/_.*/, ''), type]),
    [
      ['rs', 'reasoning'],
      ['msg', 'message'],
      ['fc', 'function_call'],
    ],
  );
  assert.ok(usage && usage.input_tokens > 0 && usage.output_tokens > usage.output_tokens_details.reasoning_tokens);
  assert.ok(usage.output_tokens_details.reasoning_tokens > 0);
  assert.equal(textOf(events), 'Hello there');
});

test('reasoning is told as far as it was asked for', async () => {
  const reasoning = async (request: object) =>
    endOf(await stream(simulator, { input: '[[think Let me see]] [[text a]]', ...request })).output[0];
  const told = await reasoning(thinking);
  assert.deepEqual(told?.summary, [{ type: 'summary_text', text: 'Let me see' }]);
  assert.match(told?.encrypted_content ?? '', /^gAAAA/);
  const silent = await reasoning({});
  assert.deepEqual(silent?.summary, []);
  assert.equal(silent?.encrypted_content, undefined);
});

test('a summary of several headings has several parts', async () => {
  using _ = simulator.script('two parts', [
    { type: 'thinking', text: '**One**\n\nfirst\n\n**Two**\n\nsecond', signature: 'sealed' },
  ]);
  const [item] = endOf(await stream(simulator, { ...thinking, input: 'two parts' })).output;
  assert.deepEqual(
    item?.summary?.map(({ text }) => text),
    ['**One**\n\nfirst', '**Two**\n\nsecond'],
  );
  assert.equal(item?.encrypted_content, 'sealed');
});

test('parallel calls stream their arguments in parts', async () => {
  const weather = { city: 'Paris', days: [1, 2, 3], unit: 'celsius' };
  const events = await stream(simulator, `[[call get_weather ${JSON.stringify(weather)}]] [[call now]]`);
  const [first, second] = endOf(events).output;
  assert.deepEqual([first?.name, second?.name], ['get_weather', 'now']);
  assert.match(first?.call_id ?? '', /^call_/);
  assert.notEqual(first?.call_id, second?.call_id);
  const parts = deltasOf(events, 'response.function_call_arguments.delta', first?.id);
  assert.ok(parts.length > 2);
  assert.deepEqual(JSON.parse(parts.join('')), weather);
  assert.deepEqual(JSON.parse(first?.arguments ?? ''), weather);
  assert.equal(second?.arguments, '{}');
});

test('a tool that takes any text gets text, and one in a namespace is called there', async () => {
  const input = [
    { type: 'additional_tools', role: 'developer', tools: [{ type: 'namespace', name: 'own', tools: [tool] }] },
    user('[[call write {"input":"any {text"}]] [[call f {"a":1}]]'),
  ];
  const events = await stream(simulator, { tools: [{ type: 'custom', name: 'write' }], input });
  const [written, called] = endOf(events).output;
  assert.equal(written?.type, 'custom_tool_call');
  assert.equal(written?.input, 'any {text');
  assert.equal(deltasOf(events, 'response.custom_tool_call_input.delta').join(''), 'any {text');
  assert.deepEqual([called?.type, called?.namespace, called?.arguments], ['function_call', 'own', '{"a":1}']);
});

test('a whole answer says the same as a stream', async () => {
  using _ = simulator.script('whole', [
    { type: 'thinking', text: 'Hm', signature: 'c2ln' },
    { type: 'text', text: 'Hello' },
    { type: 'call', name: 'f', arguments: { a: 1 }, id: 'call_1' },
    { type: 'usage', input: 5, output: 6, cacheRead: 7, cacheWrite: 8 },
    { type: 'headers', headers: { 'x-codex-primary-used-percent': '10' } },
  ]);
  const response = await post(simulator, { ...thinking, input: 'whole' });
  assert.equal(response.headers.get('x-codex-primary-used-percent'), '10');
  assert.match(response.headers.get('x-request-id') ?? '', /^req_/);
  const { output, status, object, usage } = (await response.json()) as ResponseBody;
  const streamed = endOf(await stream(simulator, { ...thinking, input: 'whole' }));
  const unnamed = (items: readonly object[]) => items.map((item) => ({ ...item, id: '' }));
  assert.deepEqual(unnamed(output), unnamed(streamed.output));
  assert.equal(status, 'completed');
  assert.equal(object, 'response');
  assert.deepEqual(usage, {
    input_tokens: 20,
    input_tokens_details: { cached_tokens: 7, cache_write_tokens: 8 },
    output_tokens: 6,
    output_tokens_details: { reasoning_tokens: 1 },
    total_tokens: 26,
  });
  assert.deepEqual(streamed.usage, usage);
});

test('a web search is an item of its own, its answer has citations', async () => {
  const request = {
    tools: [{ type: 'web_search' }],
    include: ['web_search_call.action.sources'],
    input: 'Perform a web search for the query: rain in Paris',
  };
  const events = await stream(simulator, request);
  const [search, message] = endOf(events).output;
  assert.equal(search?.type, 'web_search_call');
  assert.equal(search.action?.query, 'rain in Paris');
  const found = search.action.sources?.map(({ url }) => url) ?? [];
  assert.match(found.join(), /example\.com.*example\.org/);
  assert.deepEqual(typesOf(events).slice(2, 7), [
    'output_item.added 0',
    'web_search_call.in_progress 0',
    'web_search_call.searching 0',
    'web_search_call.completed 0',
    'output_item.done 0',
  ]);
  const [part] = message?.content ?? [];
  assert.deepEqual(
    part?.annotations.map(({ type, url }) => [type, url]),
    found.map((url) => ['url_citation', url]),
  );
  assert.ok(part?.annotations.every(({ start_index, end_index }) => part.text.slice(start_index, end_index) !== ''));
  assert.deepEqual(
    events.flatMap(({ annotation }) => annotation ?? []),
    part?.annotations,
  );
});

test('every way to finish', async () => {
  const end = async (input: string) => {
    const { status, incomplete_details: details, output } = endOf(await stream(simulator, input));
    return [status, details?.reason, output.at(-1)?.status];
  };
  assert.deepEqual(await end('[[text Hello]]'), ['completed', undefined, 'completed']);
  assert.deepEqual(await end('[[text Hello]] [[length]]'), ['incomplete', 'max_output_tokens', 'incomplete']);
  assert.deepEqual(await end('[[text No.]] [[refuse]]'), ['incomplete', 'content_filter', 'incomplete']);
  assert.deepEqual(await end('[[refuse]]'), ['incomplete', 'content_filter', undefined]);
  const whole = (await (await post(simulator, '[[text Hello]] [[length]]')).json()) as ResponseBody;
  assert.deepEqual(
    [whole.status, whole.incomplete_details?.reason, whole.output[0]?.status],
    ['incomplete', 'max_output_tokens', 'incomplete'],
  );
});

test('an HTTP error has its status, type, code, headers and request id', async () => {
  const response = await post(simulator, '[[status 429 {"retry-after":"7"}]]');
  assert.equal(response.status, 429);
  assert.equal(response.headers.get('retry-after'), '7');
  assert.match(response.headers.get('x-request-id') ?? '', /^req_/);
  const { error } = (await response.json()) as ErrorBody;
  assert.deepEqual([error.type, error.code, error.param], ['tokens', 'rate_limit_exceeded', null]);
  assert.match(error.message, /Please try again in 7s\./);
});

test('a 429 whose headers say that a limit is used up tells of the subscription', async () => {
  const headers = { 'x-codex-primary-used-percent': '100', 'x-codex-primary-reset-at': '1900000000' };
  using _ = simulator.script('spent', [{ type: 'status', status: 429, headers }]);
  const { error } = (await (await post(simulator, 'spent')).json()) as ErrorBody;
  assert.equal(error.type, 'usage_limit_reached');
  assert.equal(error.resets_at, 1_900_000_000);
});

test('each status has its usual error', async () => {
  const statuses = [400, 401, 403, 404, 413, 500, 503, 529];
  const errors = await Promise.all(
    statuses.map(async (status) => {
      const response = await post(simulator, `[[status ${status}]]`);
      assert.equal(response.status, status);
      return ((await response.json()) as ErrorBody).error;
    }),
  );
  assert.deepEqual(
    errors.map(({ code, type }) => code ?? type),
    [
      'invalid_request_error',
      'invalid_api_key',
      'request_forbidden',
      'model_not_found',
      'request_too_large',
      'server_error',
      'server_is_overloaded',
      'server_is_overloaded',
    ],
  );
});

test('an error in mid-stream comes in the midst of the text and ends the stream', async () => {
  const events = await stream(simulator, '[[text Hello]] [[error overloaded_error]]');
  assert.deepEqual(typesOf(events).slice(-2), ['output_text.delta 0', 'failed']);
  const { status, error } = endOf(events);
  assert.deepEqual([status, error?.code], ['failed', 'server_is_overloaded']);
  assert.equal((await post(simulator, '[[text Hello]] [[error overloaded_error]]')).status, 503);
  assert.equal(
    endOf(await stream(simulator, '[[error context_length_exceeded]]')).error?.code,
    'context_length_exceeded',
  );
});

test('a cut comes in the midst of the text, after what was said', async () => {
  const response = await post(simulator, { input: '[[text Hello there]] [[cut]]', stream: true });
  let received = '';
  await assert.rejects(async () => {
    for await (const chunk of response.body ?? []) received += Buffer.from(chunk).toString();
  });
  const events = readEvents(received);
  assert.equal(textOf(events), 'Hello there');
  assert.equal(events.at(-1)?.type, 'response.output_text.delta');
  assert.equal((await simulator.lastRequest()?.closed)?.completed, false);
});

test('fragments split characters and lines and lose nothing', async () => {
  const response = await post(simulator, { input: '[[fragment 3]] [[text Grüße 😀 漢字]]', stream: true });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) chunks.push(chunk);
  assert.ok(chunks.length > 100, `${chunks.length} chunks`);
  assert.equal(textOf(readEvents(Buffer.concat(chunks).toString())), 'Grüße 😀 漢字');
});

test('a slow answer takes its time, and a wait comes before its first byte', async () => {
  const before = performance.now();
  const response = await post(simulator, { input: '[[wait 100]] [[slow 40]] [[text one two three]]', stream: true });
  assert.ok(performance.now() - before > 90);
  assert.equal(textOf(readEvents(await response.text())), 'one two three');
  assert.ok(performance.now() - before > 170);
});

test('raw bytes replace the answer', async () => {
  using _ = simulator.script('garbage', [{ type: 'raw', bytes: 'event: what\nda' }]);
  assert.equal(await (await post(simulator, { input: 'garbage', stream: true })).text(), 'event: what\nda');
  assert.equal(await (await post(simulator, 'garbage')).text(), 'event: what\nda');
});

test('without a directive the answer says that it is simulated and how to steer it', async () => {
  const answer = textOf(await stream(simulator, 'What is the weather?'));
  assert.match(answer, /simulated.*not from a real model.*"What is the weather\?".*\[\[text Hello there\]\]/);
});

test('what Codex adds to a prompt is not the prompt', async () => {
  const said = (text: string) => user([{ type: 'input_text', text }]);
  const input = [
    said('[[text old]]'),
    { role: 'assistant', content: [{ type: 'output_text', text: 'old' }] },
    said('<environment_context>\n[[text no]]\n</environment_context>'),
    user([
      { type: 'input_text', text: '<image name=[Image #1] path="/a.png">' },
      { type: 'input_text', text: '</image>' },
      { type: 'input_text', text: '[[text yes]]' },
    ]),
    { role: 'developer', content: [{ type: 'input_text', text: '[[text neither]]' }] },
    said('<turn_aborted>\n[[text nor this]]\n</turn_aborted>'),
  ];
  assert.equal(textOf(await stream(simulator, { input })), 'yes');
  assert.equal(simulator.lastRequest()?.prompt.text, '[[text yes]]');
});

test('tool outputs are quoted, or obeyed where they hold a directive', async () => {
  const after = (output: unknown, ...rest: object[]) => ({
    input: [
      user('[[call f]]'),
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output },
      ...rest,
    ],
  });
  assert.match(textOf(await stream(simulator, after('18 degrees'))), /simulated.*"18 degrees"/);
  assert.equal(textOf(await stream(simulator, after([{ type: 'input_text', text: '[[text told]]' }]))), 'told');
  assert.equal(textOf(await stream(simulator, after('[[text a]]', user('[[text b]]')))), 'b');
});

test('an output schema is satisfied', async () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['city'],
    properties: { city: { type: 'string' } },
  };
  const text = { format: { type: 'json_schema', name: 'place', strict: true, schema } };
  assert.deepEqual(JSON.parse(textOf(await stream(simulator, { text, input: 'Where?' }))), { city: 'simulated' });
});

test('compressed bodies are unpacked', async () => {
  const body = JSON.stringify({ model: 'm', input: '[[text unpacked]]', stream: true });
  for (const [encoding, compress] of Object.entries({ zstd: zstdCompressSync, gzip: gzipSync })) {
    const headers = { authorization: 'Bearer dummy', 'content-encoding': encoding };
    const response = await post(simulator, '', { headers, body: new Uint8Array(compress(body)) });
    assert.equal(textOf(readEvents(await response.text())), 'unpacked');
    assert.equal(simulator.lastRequest()?.rawBody, body);
  }
});

test('the official client takes a stream, a whole answer and an error for what they are', async () => {
  const client = new OpenAI({ apiKey: 'dummy', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
  const input = '[[text Hello there]] [[call f {"a":1}]]';
  const streamed = await client.responses
    .stream({ model: 'm', input, tools: [{ ...tool, type: 'function' }] })
    .finalResponse();
  assert.equal(streamed.output_text, 'Hello there');
  const whole = await client.responses.create({ model: 'm', input });
  assert.equal(whole.output_text, 'Hello there');
  assert.equal(whole.output[1]?.type, 'function_call');
  const error = await client.responses.create({ model: 'm', input: '[[status 429]]' }).catch((fault) => fault);
  assert.ok(error instanceof OpenAI.RateLimitError);
  assert.equal(error.code, 'rate_limit_exceeded');
});

test("a test's script that fails is an API error that says so", async () => {
  using _ = simulator.script('boom', () => {
    throw new Error('the test is wrong');
  });
  const response = await post(simulator, 'boom');
  assert.equal(response.status, 500);
  assert.match(((await response.json()) as ErrorBody).error.message, /the test is wrong/);
});
