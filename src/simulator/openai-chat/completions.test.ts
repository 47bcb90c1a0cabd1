import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import OpenAI from 'openai';
import { startSimulator } from '../start-simulator.ts';
import {
  type Completion,
  deltasOf,
  type ErrorBody,
  finishOf,
  post,
  readChunks,
  readData,
  stream,
  textOf,
} from './test-client.ts';

const simulator = await startSimulator({ seed: 'x' });
after(() => simulator[Symbol.asyncDispose]());

const user = (content: unknown) => ({ role: 'user', content });

test('a streamed answer has every chunk in its place', async () => {
  const chunks = await stream(simulator, '[[think Let me see]] [[text Hello there]]');
  assert.deepEqual(deltasOf(chunks), [
    { role: 'assistant', content: '' },
    { content: null, reasoning_content: 'Let' },
    { content: null, reasoning_content: ' me' },
    { content: null, reasoning_content: ' see' },
    { content: 'Hello' },
    { content: ' there' },
    {},
  ]);
  const [{ id, object, model } = {}] = chunks;
  assert.match(String(id), /^chatcmpl-simx\d{6}$/);
  assert.equal(object, 'chat.completion.chunk');
  assert.equal(model, 'qwen-test');
  assert.ok(chunks.every((chunk) => chunk.id === id && !('usage' in chunk)));
  assert.deepEqual(
    chunks.map(({ choices }) => choices[0]?.finish_reason),
    [...Array(chunks.length - 1).fill(null), 'stop'],
  );
});

test('usage comes in a chunk of its own, and only when asked for', async () => {
  const request = { stream_options: { include_usage: true }, messages: [user('[[think Let me see]] [[text Hello]]')] };
  const chunks = await stream(simulator, request);
  const last = chunks.pop();
  assert.deepEqual(last?.choices, []);
  assert.ok(last.usage && last.usage.prompt_tokens > 0);
  assert.ok(last.usage.completion_tokens > last.usage.completion_tokens_details.reasoning_tokens);
  assert.ok(last.usage.completion_tokens_details.reasoning_tokens > 0);
  assert.ok(chunks.every(({ usage }) => usage === null));
  assert.equal(finishOf(chunks), 'stop');
});

test('parallel calls stream their arguments in parts', async () => {
  const weather = { city: 'Paris', days: [1, 2, 3], unit: 'celsius' };
  const chunks = await stream(simulator, `[[call get_weather ${JSON.stringify(weather)}]] [[call now]]`);
  const calls = deltasOf(chunks).flatMap((delta) => delta.tool_calls ?? []);
  const starts = calls.filter(({ id }) => id !== undefined);
  assert.deepEqual(
    starts.map(({ index, type, function: { name, arguments: json } }) => [index, type, name, json]),
    [
      [0, 'function', 'get_weather', ''],
      [1, 'function', 'now', ''],
    ],
  );
  assert.ok(starts.every(({ id }) => /^call_simx\d{6}$/.test(String(id))));
  assert.notEqual(starts[0]?.id, starts[1]?.id);
  const parts = (wanted: number) =>
    calls.filter(({ index, id }) => index === wanted && id === undefined).map((call) => call.function.arguments);
  assert.ok(parts(0).length > 2);
  assert.deepEqual(JSON.parse(parts(0).join('')), weather);
  assert.deepEqual(JSON.parse(parts(1).join('')), {});
  assert.equal(finishOf(chunks), 'tool_calls');
});

test('a whole answer says the same as a stream', async () => {
  using _ = simulator.script('whole', [
    { type: 'thinking', text: 'Hm' },
    { type: 'text', text: 'Hello' },
    { type: 'call', name: 'f', arguments: { a: 1 }, id: 'call_1' },
    { type: 'usage', input: 5, output: 6, cacheRead: 7, cacheWrite: 8 },
    { type: 'headers', headers: { 'x-ratelimit-remaining-requests': '99' } },
  ]);
  const response = await post(simulator, 'whole');
  assert.equal(response.headers.get('x-ratelimit-remaining-requests'), '99');
  assert.match(String(response.headers.get('x-request-id')), /^req_/);
  const { id, created, ...completion } = (await response.json()) as Completion;
  assert.match(id, /^chatcmpl-/);
  assert.ok(Math.abs(Date.now() / 1000 - created) < 60);
  assert.deepEqual(completion, {
    object: 'chat.completion',
    model: 'qwen-test',
    system_fingerprint: null,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Hello',
          refusal: null,
          reasoning_content: 'Hm',
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
          annotations: [],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ],
    usage: {
      prompt_tokens: 20,
      completion_tokens: 6,
      total_tokens: 26,
      prompt_tokens_details: { cached_tokens: 7, cache_creation_input_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 1 },
    },
  });
});

test('a whole answer of nothing but calls has no content', async () => {
  const { choices } = (await (await post(simulator, '[[call f]]')).json()) as Completion;
  assert.equal(choices[0]?.message.content, null);
});

for (const search of [{ web_search_options: {} }, { enable_search: true }]) {
  test(`a web search by ${Object.keys(search)} is told by its citations`, async () => {
    const request = { ...search, messages: [user('rain in Paris')] };
    const chunks = await stream(simulator, request);
    const [citation, ...others] = deltasOf(chunks).flatMap((delta) => delta.annotations ?? []);
    assert.equal(citation?.type, 'url_citation');
    assert.equal(citation.url_citation.url, 'https://example.com/first');
    assert.deepEqual(
      others.map(({ url_citation }) => url_citation.url),
      ['https://example.org/second'],
    );
    const text = textOf(chunks);
    assert.match(text, /search for "rain in Paris"/);
    const { start_index: start, end_index: end } = citation.url_citation;
    assert.equal(text.slice(start, end), text);
    const { choices } = (await (await post(simulator, request)).json()) as Completion;
    assert.deepEqual(choices[0]?.message.annotations, [citation, ...others]);
  });
}

test('every way to finish', async () => {
  const finish = async (request: string | object) => finishOf(await stream(simulator, request));
  assert.equal(await finish('[[length]]'), 'length');
  assert.equal(await finish('[[refuse]]'), 'content_filter');
  using _ = simulator.script('paused', [{ type: 'finish', reason: 'pause_turn' }]);
  assert.equal(await finish('paused'), 'stop');
  for (const stop of ['two', ['three', 'two']]) {
    const stopped = { stop, messages: [user('[[text one two three]]')] };
    assert.equal(await finish(stopped), 'stop');
    assert.equal(textOf(await stream(simulator, stopped)), 'one ');
  }
});

const statuses: readonly [status: number, type: string, code: string | null][] = [
  [400, 'invalid_request_error', null],
  [401, 'invalid_request_error', 'invalid_api_key'],
  [402, 'invalid_request_error', null],
  [403, 'invalid_request_error', null],
  [404, 'invalid_request_error', 'model_not_found'],
  [413, 'invalid_request_error', null],
  [429, 'requests', 'rate_limit_exceeded'],
  [500, 'server_error', null],
  [503, 'server_error', null],
  [504, 'server_error', null],
  [529, 'server_error', null],
];
for (const [status, type, code] of statuses) {
  test(`an HTTP error ${status} has its type, code, headers and request id`, async () => {
    const response = await post(simulator, `[[status ${status} {"retry-after":"7"}]]`);
    assert.equal(response.status, status);
    assert.equal(response.headers.get('retry-after'), '7');
    assert.match(String(response.headers.get('x-request-id')), /^req_/);
    const { error } = (await response.json()) as ErrorBody;
    assert.deepEqual({ ...error, message: '' }, { message: '', type, param: null, code });
    assert.notEqual(error.message, '');
  });
}

test('a script may choose the words of an error', async () => {
  using _ = simulator.script('poor', [
    { type: 'status', status: 429, errorType: 'billing_error', message: 'Pay first' },
  ]);
  const { error } = (await (await post(simulator, 'poor')).json()) as ErrorBody;
  assert.deepEqual(error, {
    message: 'Pay first',
    type: 'insufficient_quota',
    param: null,
    code: 'insufficient_quota',
  });
});

test('an error in mid-stream comes after content and ends the stream', async () => {
  const prompt = '[[text Hello]] [[error overloaded_error]] [[text never]]';
  const data = readData(await (await post(simulator, { stream: true, messages: [user(prompt)] })).text());
  assert.deepEqual(JSON.parse(data.pop() ?? ''), {
    error: { message: 'Simulated overloaded_error', type: 'server_error', param: null, code: null },
  });
  assert.equal(textOf(data.map((json) => JSON.parse(json))), 'Hello');
  assert.equal((await post(simulator, prompt)).status, 503);
});

test('an error of any name can be told', async () => {
  const data = readData(await (await post(simulator, { stream: true, messages: [user('[[error my_own]]')] })).text());
  assert.equal(JSON.parse(data.at(-1) ?? '').error.type, 'my_own');
  assert.equal((await post(simulator, '[[error my_own]]')).status, 500);
  assert.equal((await post(simulator, '[[error rate_limit_exceeded]]')).status, 429);
});

test('a cut connection still delivers what came before', async () => {
  const response = await post(simulator, { stream: true, messages: [user('[[text Hello there]] [[cut]]')] });
  let received = '';
  await assert.rejects(async () => {
    for await (const chunk of response.body ?? []) received += Buffer.from(chunk).toString();
  });
  assert.equal(textOf(readData(received).map((json) => JSON.parse(json))), 'Hello there');
});

test('a cut before any content leaves no answer', async () => {
  await assert.rejects(post(simulator, { stream: true, messages: [user('[[cut]]')] }), TypeError);
});

test('a hanging answer ends with its reader', async () => {
  const caller = new AbortController();
  const body = { stream: true, messages: [user('[[text Hello]] [[hang]]')] };
  const init = { body: JSON.stringify({ model: 'm', ...body }), signal: caller.signal };
  const reader = (await post(simulator, body, init)).body?.getReader();
  assert.match(Buffer.from((await reader?.read())?.value ?? []).toString(), /"role":"assistant"/);
  caller.abort();
  assert.equal((await simulator.lastRequest('[[hang]]')?.closed)?.completed, false);
});

test('a wait comes before the first byte, and slowness between pieces', async () => {
  const before = performance.now();
  const messages = [user('[[wait 100]] [[slow 40]] [[text one two three]]')];
  const response = await post(simulator, { stream: true, messages });
  assert.ok(performance.now() - before > 90);
  assert.equal(textOf(readChunks(await response.text())), 'one two three');
  assert.ok(performance.now() - before > 170);
});

test('fragments split characters and lines and lose nothing', async () => {
  const messages = [user('[[fragment 3]] [[text Grüße 😀 漢字]]')];
  const response = await post(simulator, { stream: true, messages });
  const parts: Uint8Array[] = [];
  for await (const part of response.body ?? []) parts.push(part);
  assert.ok(parts.length > 100, `${parts.length} parts`);
  assert.ok(parts.some((part) => Buffer.from(part).toString().includes('\ufffd')));
  assert.equal(textOf(readChunks(Buffer.concat(parts).toString())), 'Grüße 😀 漢字');
});

test('a word can be repeated', async () => {
  assert.equal(textOf(await stream(simulator, '[[repeat 3 word]]')), 'word word word');
});

test('raw bytes replace the answer', async () => {
  using _ = simulator.script('garbage', [{ type: 'raw', bytes: 'data: {"da' }]);
  const messages = [user('garbage')];
  assert.equal(await (await post(simulator, { stream: true, messages })).text(), 'data: {"da');
  assert.equal(await (await post(simulator, { messages })).text(), 'data: {"da');
});

test('without a directive the answer says that it is simulated and how to steer it', async () => {
  const answer = textOf(await stream(simulator, 'What is the weather?'));
  assert.match(answer, /simulated.*not from a real model.*"What is the weather\?".*\[\[text Hello there\]\]/);
});

test('what Qwen Code adds to a prompt is not the prompt', async () => {
  const messages = [
    { role: 'system', content: '[[text no]]' },
    user('[[text old]]'),
    { role: 'assistant', content: 'old' },
    user([
      { type: 'text', text: '<system-reminder>\n[[text no]]\n</system-reminder>' },
      { type: 'text', text: '[[text yes]]' },
    ]),
    user('<system-reminder>[[text neither]]</system-reminder>'),
    { role: 'assistant', content: 'the beginning of an answer' },
  ];
  assert.equal(textOf(await stream(simulator, { messages })), 'yes');
});

test('an answer that Qwen Code wants resumed is the same again', async () => {
  for (const reason of ['The connection dropped mid-response.', 'Output token limit hit.']) {
    const resume = `${reason} Resume directly — no recap.\n\n<previous_response_suffix>\nHel\n</previous_response_suffix>`;
    const messages = [
      user('[[text Hello]]'),
      { role: 'assistant', content: 'Hel' },
      user([{ type: 'text', text: resume }]),
    ];
    assert.equal(textOf(await stream(simulator, { messages })), 'Hello');
  }
});

test('tool results are quoted, or obeyed where they hold a directive', async () => {
  const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
  const after = (content: unknown, ...rest: object[]) => ({
    messages: [
      user('[[call f]]'),
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content },
      ...rest,
    ],
  });
  const reminder = user('<system-reminder>Be kind</system-reminder>');
  assert.match(textOf(await stream(simulator, after('18 degrees', reminder))), /simulated.*"18 degrees"/);
  assert.equal(textOf(await stream(simulator, after([{ type: 'text', text: '[[text told]]' }]))), 'told');
  assert.equal(textOf(await stream(simulator, after('[[text a]]', user('[[text b]]')))), 'b');
  const media = user([
    { type: 'text', text: '(attached media from previous tool call)' },
    { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
  ]);
  assert.match(textOf(await stream(simulator, after('see', media))), /The tools returned "see"/);
});

test('an output schema is satisfied, and a JSON object is given where any will do', async () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['city'],
    properties: { city: { type: 'string' } },
  };
  const json_schema = { name: 'place', strict: true, schema };
  const messages = [user('Where? Answer in JSON.')];
  const place = await stream(simulator, { response_format: { type: 'json_schema', json_schema }, messages });
  assert.deepEqual(JSON.parse(textOf(place)), { city: 'simulated' });
  const object = await stream(simulator, { response_format: { type: 'json_object' }, messages });
  assert.deepEqual(JSON.parse(textOf(object)), {});
});

test('a model that shall not think does not', async () => {
  const messages = [user('[[think Hm]] [[text Hello]]')];
  const thoughts = async (request: object) =>
    deltasOf(await stream(simulator, { ...request, messages })).flatMap((delta) => delta.reasoning_content ?? []);
  assert.deepEqual(await thoughts({ enable_thinking: true, thinking_budget: 100 }), ['Hm']);
  assert.deepEqual(await thoughts({}), ['Hm']);
  assert.deepEqual(await thoughts({ enable_thinking: false }), []);
});

test('the path may lack its version', async () => {
  const request = { model: 'm', messages: [user('[[text Hello]]')] };
  const response = await fetch(`${simulator.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer dummy' },
    body: JSON.stringify(request),
  });
  assert.equal(((await response.json()) as Completion).choices[0]?.message.content, 'Hello');
});

test("a test's script that fails is an API error that says so", async () => {
  using _ = simulator.script('boom', () => {
    throw new Error('the test is wrong');
  });
  const response = await post(simulator, 'boom');
  assert.equal(response.status, 500);
  assert.match(((await response.json()) as ErrorBody).error.message, /the test is wrong/);
});

test('the openai package understands streams, whole answers and errors', async () => {
  const client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: 'dummy', maxRetries: 0 });
  const ask = (content: string) => ({ model: 'm', messages: [{ role: 'user', content } as const] });
  const runner = client.chat.completions.stream({
    ...ask('[[think Hm]] [[text Hello]] [[call f {"city":"Paris"}]] [[call g]]'),
    stream_options: { include_usage: true },
  });
  const streamed = await runner.finalChatCompletion();
  assert.equal(streamed.choices[0]?.message.content, 'Hello');
  assert.deepEqual(
    streamed.choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && call.function.arguments),
    ['{"city":"Paris"}', '{}'],
  );
  assert.ok(streamed.usage && streamed.usage.total_tokens > 0);
  const whole = await client.chat.completions.create(ask('[[text Hello]]'));
  assert.equal(whole.choices[0]?.message.content, 'Hello');
  await assert.rejects(client.chat.completions.create(ask('[[status 429]]')), OpenAI.RateLimitError);
  await assert.rejects(async () => {
    const chunks = await client.chat.completions.create({ ...ask('[[text a]] [[error api_error]]'), stream: true });
    for await (const _ of chunks);
  }, /Simulated api_error/);
});
