import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startServer, type TestServer } from '../../test/support/http-server.ts';
import { errorKinds, GatewayError } from '../core/error.ts';
import { statusOf } from './status.ts';

interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string };
}

async function expectError(response: Response, status: number, kind: string): Promise<ErrorBody['error']> {
  assert.equal(response.status, status);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  assert.ok(response.headers.get('x-request-id'));
  const { error } = (await response.json()) as ErrorBody;
  assert.equal(error.code, kind);
  return error;
}

/** A request with headers that `fetch` would not send. */
async function send(server: TestServer, path: string, options: { method?: string; headers?: Record<string, string> }) {
  const request = httpRequest(`${server.url}${path}`, { agent: false, ...options });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks = await response.toArray();
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

test('models are listed, with the facts that are known and no others', async () => {
  await using server = await startServer();
  for (const path of ['/v1/models', '/models', '/v1/v1/models', '/v1/models/', '//v1/models?key=x']) {
    const response = await fetch(server.url + path);
    assert.equal(response.status, 200, path);
    assert.deepEqual(await response.json(), {
      object: 'list',
      data: [
        {
          id: 'vendor/opus 1',
          object: 'model',
          created: 1_767_225_600,
          owned_by: 'vendor',
          name: 'Opus One',
          aliases: ['opus'],
          context_length: 200_000,
          context_window: 200_000,
          max_model_len: 200_000,
          max_input_tokens: 200_000,
          pricing: { prompt: '0.000004', completion: '0.0000005' },
          capabilities: {
            vision: true,
            pdf_input: true,
            audio_input: false,
            reasoning: true,
            reasoning_efforts: ['low', 'high'],
            web_search: true,
            parallel_tool_calls: true,
            structured_output: true,
          },
          modalities: { input: ['text', 'image', 'file'], output: ['text'] },
        },
      ],
    });
  }
});

test('one model is found by id, encoded or not, and by alias', async () => {
  await using server = await startServer();
  for (const name of ['vendor/opus%201', 'vendor%2Fopus%201', 'opus', 'opus?x=1']) {
    const response = await fetch(`${server.url}/v1/models/${name}`);
    assert.equal(response.status, 200, name);
    assert.equal(((await response.json()) as { id: string }).id, 'vendor/opus 1');
  }
  const error = await expectError(await fetch(`${server.url}/v1/models/a/b`), 404, 'model-not-found');
  assert.match(error.message, /"a\/b"/);
  assert.equal(error.param, 'model');
  await expectError(await fetch(`${server.url}/v1/models/${'x'.repeat(900)}`), 404, 'model-not-found');
});

test('every response carries a request id, and the caller’s own when it is fit', async () => {
  await using server = await startServer();
  const echoed = async (id?: string) => {
    const response = await fetch(`${server.url}/health`, id === undefined ? {} : { headers: { 'x-request-id': id } });
    return response.headers.get('x-request-id');
  };
  assert.match((await echoed()) ?? '', /^req_[0-9a-f]{32}$/);
  assert.notEqual(await echoed(), await echoed());
  assert.equal(await echoed('my-id/1'), 'my-id/1');
  assert.equal(await echoed('x'.repeat(200)), 'x'.repeat(200));
  for (const unfit of ['x'.repeat(201), 'two words', 'ü', '']) assert.match((await echoed(unfit)) ?? '', /^req_/);
  const response = await fetch(`${server.url}/v1/models`);
  assert.equal(response.headers.get('openai-version'), '2020-10-01');
  assert.match(response.headers.get('openai-processing-ms') ?? '', /^\d+$/);
});

test('HEAD answers as GET without a body', async () => {
  await using server = await startServer();
  for (const path of ['/', '/health', '/v1/models', '/v1/models/opus']) {
    const response = await fetch(server.url + path, { method: 'HEAD' });
    assert.equal(response.status, 200, path);
    assert.equal(await response.text(), '');
  }
});

test('a wrong path is 404, a wrong method 405 with Allow, whatever the body', async () => {
  await using server = await startServer();
  await expectError(await fetch(`${server.url}/v1/nowhere?key=secret`), 404, 'not-found');
  await expectError(await fetch(`${server.url}/v1/nowhere`, { method: 'POST', body: 'text' }), 404, 'not-found');
  const wrong: [method: string, path: string, allow: string][] = [
    ['GET', '/v1/plain', 'POST, OPTIONS'],
    ['PUT', '/plain/', 'POST, OPTIONS'],
    ['DELETE', '/v1/models/vendor/x', 'GET, HEAD, OPTIONS'],
    ['POST', '/v1/models', 'GET, HEAD, OPTIONS'],
    ['POST', '/health', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/v1/models', 'GET, HEAD, OPTIONS'],
  ];
  for (const [method, path, allow] of wrong) {
    const body = method === 'POST' || method === 'PUT' ? 'not json' : undefined;
    const response = await fetch(server.url + path, { method, body });
    assert.equal(response.headers.get('allow'), allow, `${method} ${path}`);
    await expectError(response, 405, 'method-not-allowed');
  }
});

test('OPTIONS tells which methods there are', async () => {
  await using server = await startServer();
  for (const [path, allow] of [
    ['/v1/plain', 'POST, OPTIONS'],
    ['/v1/models/opus', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const response = await fetch(server.url + path, { method: 'OPTIONS' });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('allow'), allow);
  }
  await expectError(await fetch(`${server.url}/v1/nowhere`, { method: 'OPTIONS' }), 404, 'not-found');
});

test('only a JSON body is taken', async () => {
  await using server = await startServer();
  const body = '{"model": "m"}';
  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/vnd.api+json',
  ]) {
    assert.equal((await server.post(body, { headers: { 'content-type': type } })).status, 200, type);
  }
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/json',
    'x',
  ]) {
    await expectError(await server.post(body, { headers: { 'content-type': type } }), 415, 'unsupported-media-type');
  }
  await expectError(
    await fetch(`${server.url}/v1/plain`, { method: 'POST', body: Buffer.from(body) }),
    415,
    'unsupported-media-type',
  );
  const packed = await server.post(body, { headers: { 'content-encoding': 'gzip' } });
  assert.match((await expectError(packed, 415, 'unsupported-media-type')).message, /compressed/);
});

test('a body that is empty, broken or not what the dialect takes is a 400 that says so', async () => {
  await using server = await startServer();
  assert.match((await expectError(await server.post(''), 400, 'invalid-request')).message, /no body/);
  const none = await fetch(`${server.url}/v1/plain`, { method: 'POST' });
  assert.match((await expectError(none, 400, 'invalid-request')).message, /no body/);
  const broken = await expectError(await server.post('{"model": "secret", }'), 400, 'invalid-request');
  assert.match(broken.message, /line 1, column 21\.$/);
  const missing = await expectError(await server.post('[]'), 400, 'invalid-request');
  assert.equal(missing.param, 'model');
  const polluting = await server.post('{"model": "m", "__proto__": {"stream": true}}');
  assert.match((await expectError(polluting, 400, 'invalid-request')).message, /__proto__/);
});

test('a body of 50 MB is refused by its limit, with and without a stated length, and the server goes on', async () => {
  await using server = await startServer();
  async function* pieces() {
    for (let sent = 0; sent < 50; sent += 1) yield Buffer.alloc(1024 * 1024, ' ');
  }
  for (const init of [
    { body: Buffer.alloc(50 * 1024 * 1024, ' ') },
    { body: ReadableStream.from(pieces()), duplex: 'half' },
  ]) {
    const error = await expectError(await server.post('', init as RequestInit), 413, 'payload-too-large');
    assert.match(error.message, /1048576 bytes.*MAX_BODY_BYTES/);
  }
  assert.equal((await server.post({ model: 'm' })).status, 200);
});

test('keys: every endpoint needs one but /health, which says little without', async () => {
  await using server = await startServer(undefined, { apiKeys: ['sesame', 'second'] });
  for (const path of ['/v1/models', '/', '/nowhere', '/v1/plain']) {
    const response = await fetch(server.url + path);
    assert.equal(response.headers.get('www-authenticate'), 'Bearer', path);
    await expectError(response, 401, 'invalid-api-key');
  }
  await expectError(
    await server.post({ model: 'm' }, { headers: { authorization: 'Bearer wrong' } }),
    401,
    'invalid-api-key',
  );
  const sent = { authorization: 'Bearer sesame', 'x-api-key': 'second', 'x-goog-api-key': 'sesame' };
  for (const [name, key] of Object.entries(sent)) {
    assert.equal((await server.post({ model: 'm' }, { headers: { [name]: key } })).status, 200);
  }
  assert.equal(new Set(server.contexts.map(({ caller }) => caller)).size, 2);
  const health = async (headers: Record<string, string>) => (await fetch(`${server.url}/health`, { headers })).json();
  assert.deepEqual(await health({}), { status: 'healthy' });
  assert.deepEqual(await health({ 'x-api-key': 'wrong' }), { status: 'healthy' });
  assert.deepEqual(await health({ 'x-api-key': 'sesame' }), {
    status: 'healthy',
    version: '9.9.9',
    providers: { fake: { state: 'ready', version: '1.2.3' } },
  });
});

test('without keys any dummy key will do and /health tells all', async () => {
  await using server = await startServer();
  assert.equal((await server.post({ model: 'm' }, { headers: { authorization: 'Bearer dummy' } })).status, 200);
  assert.equal(server.contexts[0]?.caller, 'local');
  const health = (await (await fetch(`${server.url}/health`)).json()) as { version: string };
  assert.equal(health.version, '9.9.9');
});

test('a foreign page and a foreign host name are refused without keys', async () => {
  await using server = await startServer();
  const signs: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { host: 'evil.example' },
  ];
  for (const headers of signs) {
    for (const [method, path] of [
      ['GET', '/health'],
      ['POST', '/v1/plain'],
      ['OPTIONS', '/v1/plain'],
      ['GET', '/nowhere'],
    ]) {
      const answer = await send(server, path as string, { method, headers });
      assert.equal(answer.status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
      assert.equal((JSON.parse(answer.body) as ErrorBody).error.code, 'forbidden');
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
  }
  assert.equal(server.contexts.length, 0);
});

test('a page of this machine can ask, call and read, errors too', async () => {
  await using server = await startServer();
  const origin = 'http://localhost:3000';
  const preflight = await send(server, '/v1/plain', {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-stainless-os' },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-headers'], 'x-stainless-os');
  for (const body of ['{"model": "m"}', '{"model": "m", "stream": true}', '{']) {
    const response = await server.post(body, { headers: { origin } });
    assert.equal(response.headers.get('access-control-allow-origin'), origin, body);
    assert.match(response.headers.get('access-control-expose-headers') ?? '', /x-request-id/);
    assert.match(response.headers.get('vary') ?? '', /Origin/);
    await response.text();
  }
});

test('a preflight needs no key, and the refusal of a key can be read by the page', async () => {
  await using server = await startServer(undefined, { apiKeys: ['k'], corsOrigins: ['https://chat.example'] });
  const asked = { 'access-control-request-method': 'POST' };
  const preflight = (origin: string) => send(server, '/v1/plain', { method: 'OPTIONS', headers: { origin, ...asked } });
  const listed = await preflight('https://chat.example');
  assert.equal(listed.status, 204);
  assert.equal(listed.headers['access-control-allow-origin'], 'https://chat.example');
  assert.equal((await preflight('https://evil.example')).headers['access-control-allow-origin'], undefined);
  const refused = await server.post({ model: 'm' }, { headers: { origin: 'https://chat.example' } });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('access-control-allow-origin'), 'https://chat.example');
  // The key protects here: an application of another origin that has it is no foreign page.
  const known = await server.post({ model: 'm' }, { headers: { origin: 'app://desktop', 'x-api-key': 'k' } });
  assert.equal(known.status, 200);
});

for (const kind of errorKinds) {
  test(`a failure of kind ${kind} has its status, streamed or not`, async () => {
    const failure = new GatewayError(kind, 'It failed.', { param: 'messages[0]', retryAfterSeconds: 1.2 });
    await using server = await startServer(() => {
      throw failure;
    });
    for (const stream of [false, true]) {
      const response = await server.post({ model: 'm', stream });
      assert.equal(response.headers.get('retry-after'), '2');
      assert.equal(response.headers.get('retry-after-ms'), '1200');
      const hopeless = ['quota-exhausted', 'provider-missing', 'provider-outdated', 'provider-signed-out'].includes(
        kind,
      );
      assert.equal(response.headers.get('x-should-retry'), hopeless ? 'false' : null);
      const spent = kind === 'quota-exhausted';
      assert.equal(response.headers.get('x-ratelimit-remaining-requests'), spent ? '0' : null);
      assert.equal(response.headers.get('x-ratelimit-reset-requests'), spent ? '2s' : null);
      const error = await expectError(response, statusOf[kind], kind);
      assert.deepEqual(error, { message: 'It failed.', type: kind, param: 'messages[0]', code: kind });
    }
  });
}

test('bytes that are not HTTP and a path that cannot be read get an answer in the same shape', async () => {
  await using server = await startServer();
  const socket = connect(server.port, '127.0.0.1');
  socket.end('nonsense\r\n\r\n');
  const answer = Buffer.concat(await socket.toArray()).toString();
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(answer, /x-request-id: req_/);
  assert.equal((JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as ErrorBody).error.code, 'invalid-request');

  const huge = await send(server, '/health', { headers: { 'x-filler': 'x'.repeat(20_000) } });
  assert.equal(huge.status, 431);
  const garbled = await send(server, '/v1/models/%zz', {});
  assert.equal(garbled.status, 400);
  assert.equal((JSON.parse(garbled.body) as ErrorBody).error.code, 'invalid-request');
  assert.ok(garbled.headers['x-request-id']);
});

test('a used-up limit says when it is full again, as OpenAI writes times', async () => {
  const resets: Record<number, string> = { 0.5: '1s', 59: '59s', 60: '1m0s', 3725: '1h2m5s', 7200: '2h0m0s' };
  for (const [retryAfterSeconds, reset] of Object.entries(resets)) {
    await using server = await startServer(() => {
      throw new GatewayError('quota-exhausted', 'Spent.', { retryAfterSeconds: Number(retryAfterSeconds) });
    });
    assert.equal((await server.post({ model: 'm' })).headers.get('x-ratelimit-reset-requests'), reset);
  }
});

test('a request without a host and one that expects too much are refused in the same shape', async () => {
  await using server = await startServer();
  const answerTo = async (text: string) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(text);
    const answer = Buffer.concat(await socket.toArray()).toString();
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    assert.match(head, /x-request-id: req_/);
    return { head, error: (JSON.parse(body) as ErrorBody).error };
  };
  const hostless = await answerTo('GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n');
  assert.match(hostless.head, /^HTTP\/1\.1 400 /);
  assert.match(hostless.error.message, /Host/);
  const demanding = await answerTo('GET /v1/models HTTP/1.1\r\nHost: localhost\r\nExpect: wonders\r\n\r\n');
  assert.match(demanding.head, /^HTTP\/1\.1 417 /);
  assert.match(demanding.error.message, /100-continue/);
  const old = connect(server.port, '127.0.0.1');
  old.end('GET /health HTTP/1.0\r\n\r\n');
  assert.match(Buffer.concat(await old.toArray()).toString(), /^HTTP\/1\.1 200 /);
});

test('the log has one line per request: no prompt, no query string, no key', async () => {
  await using server = await startServer(undefined, { apiKeys: ['sesame-key'] });
  const headers = { 'x-api-key': 'sesame-key', 'x-request-id': 'my-id' };
  await (await server.post({ model: 'm', prompt: 'PROMPT-TEXT', ignore: ['seed'] }, { headers })).text();
  await (await server.post('{"model": PROMPT-TEXT}', { headers })).text();
  await (await fetch(`${server.url}/v1/nowhere?key=QUERY-KEY`, { headers })).text();
  await (await fetch(`${server.url}/health?key=QUERY-KEY`)).text();
  const [answered = {}, broken, lost, health, ...others] = await server.requestLines(4);
  assert.equal(others.length, 0);
  const { time, pid, hostname, firstEventMs, firstTokenMs, durationMs, msg, caller, ...facts } = answered as Record<
    string,
    unknown
  >;
  assert.match(String(msg), /^Request completed in \d+\.\d\ds - Model: m, Stream: false$/);
  for (const number of [firstEventMs, firstTokenMs, durationMs]) assert.equal(typeof number, 'number');
  assert.match(String(caller), /^key-/);
  assert.deepEqual(facts, {
    level: 30,
    requestId: 'my-id',
    method: 'POST',
    path: '/v1/plain',
    status: 200,
    dialect: 'plain',
    model: 'm',
    route: 'fake/default/real-model',
    stream: false,
    outcome: 'ok',
    usage: { inputTokens: 10, outputTokens: 2 },
    ignored: ['seed', 'temperature'],
  });
  assert.equal(broken?.status, 400);
  assert.equal(broken?.outcome, 'invalid-request');
  assert.equal(lost?.path, '/v1/nowhere');
  assert.equal(lost?.outcome, 'not-found');
  assert.equal(health?.level, 20);
  assert.doesNotMatch(JSON.stringify(server.lines), /PROMPT-TEXT|QUERY-KEY|sesame-key/);
});

test('prompts are logged only when asked for, and images only by their length', async () => {
  await using server = await startServer(undefined, { logPrompts: true });
  await (await server.post({ model: 'm', prompt: 'PROMPT-TEXT' })).text();
  const text = JSON.stringify(await server.requestLines(1));
  assert.match(text, /PROMPT-TEXT/);
  assert.match(text, /5000 characters of base64/);
  assert.doesNotMatch(text, /AAAA/);
});

test('a fault of ours says nothing to the caller and everything to the log', async () => {
  await using server = await startServer(() => {
    throw new TypeError('inner details');
  });
  const error = await expectError(await server.post({ model: 'm' }), 500, 'internal');
  assert.doesNotMatch(error.message, /inner/);
  const [line] = await server.requestLines(1);
  assert.equal(line?.level, 50);
  assert.match(JSON.stringify(line?.error), /inner details.*http-server|inner details.*app\.test/);
});
