import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSimulator } from '../start-simulator.ts';
import {
  type ErrorBody,
  finishOf,
  generate,
  model,
  partsOf,
  post,
  readEvents,
  stream,
  textOf,
  user,
} from './test-client.ts';

const simulator = await startSimulator({ seed: 'x' });
after(() => simulator[Symbol.asyncDispose]());

const SIGNATURE = Buffer.from('a simulated signature').toString('base64');
const thinking = { generationConfig: { thinkingConfig: { includeThoughts: true } } };

test('a streamed answer has thoughts, words and an end with its reason and proof', async () => {
  const request = { ...thinking, contents: [user('[[think Let me see]] [[text Hello there]]')] };
  const responses = await stream(simulator, request);
  assert.deepEqual(partsOf(...responses), [
    { text: 'Let me see', thought: true },
    { text: 'Hello' },
    { text: ' there' },
    { text: '', thoughtSignature: SIGNATURE },
  ]);
  assert.deepEqual(responses.map(finishOf), [undefined, undefined, undefined, 'STOP']);
  const [first, ...others] = responses;
  assert.equal(first?.modelVersion, 'gemini-test');
  assert.equal(first.responseId, simulator.lastRequest()?.id);
  assert.ok(others.every(({ responseId }) => responseId === first.responseId));
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, totalTokenCount } =
    responses.at(-1)?.usageMetadata ?? {};
  assert.ok(Number(candidatesTokenCount) > 0 && Number(thoughtsTokenCount) > 0);
  assert.equal(totalTokenCount, Number(promptTokenCount) + Number(candidatesTokenCount) + Number(thoughtsTokenCount));
});

test('thoughts are counted but not told to who does not ask for them', async () => {
  const responses = await stream(simulator, '[[think Let me see]] [[text Hello]]');
  assert.deepEqual(partsOf(...responses), [{ text: 'Hello' }, { text: '', thoughtSignature: SIGNATURE }]);
  assert.ok(Number(responses.at(-1)?.usageMetadata.thoughtsTokenCount) > 0);
});

test('parallel calls come whole, and the first is signed', async () => {
  const weather = { city: 'Paris', days: [1, 2, 3] };
  const responses = await stream(simulator, `[[call get_weather ${JSON.stringify(weather)}]] [[call now]]`);
  const [first, second, end, ...others] = partsOf(...responses);
  assert.deepEqual([first?.functionCall?.name, first?.functionCall?.args], ['get_weather', weather]);
  assert.deepEqual([second?.functionCall?.name, second?.functionCall?.args], ['now', {}]);
  assert.notEqual(first?.functionCall?.id, second?.functionCall?.id);
  assert.deepEqual([first?.thoughtSignature, second?.thoughtSignature], [SIGNATURE, undefined]);
  assert.deepEqual([end, ...others], [{ text: '' }]);
  assert.equal(finishOf(responses.at(-1)), 'STOP');
});

test('a whole answer says the same as a stream', async () => {
  using _ = simulator.script('whole', [
    { type: 'thinking', text: 'Hm', signature: 'c2ln' },
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    { type: 'call', name: 'f', arguments: { a: 1 }, id: 'call_1' },
    { type: 'usage', input: 5, output: 6, cacheRead: 7, cacheWrite: 8 },
    { type: 'headers', headers: { 'x-gemini-service-tier': 'standard' } },
  ]);
  const response = await post(simulator, { ...thinking, contents: [user('whole')] });
  assert.equal(response.headers.get('x-gemini-service-tier'), 'standard');
  assert.deepEqual(await response.json(), {
    candidates: [
      {
        content: {
          parts: [
            { text: 'Hm', thought: true },
            { text: 'Hello' },
            { functionCall: { id: 'call_1', name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' },
          ],
          role: 'model',
        },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 20,
      cachedContentTokenCount: 7,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 1,
      totalTokenCount: 26,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 20 }],
    },
    modelVersion: 'gemini-test',
    responseId: simulator.lastRequest()?.id,
  });
});

test('without alt=sse a stream is one JSON array', async () => {
  const array = { verb: 'streamGenerateContent' };
  const response = await post(simulator, '[[text Hello there]]', array);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  const responses = (await response.json()) as Awaited<ReturnType<typeof stream>>;
  assert.equal(responses.length, 3);
  assert.equal(textOf(...responses), 'Hello there');
  const failing = (await (await post(simulator, '[[text Hi]] [[error api_error]]', array)).json()) as unknown[];
  assert.equal((failing.at(-1) as ErrorBody).error.status, 'INTERNAL');
  const [refused] = (await (await post(simulator, '[[status 429]]', array)).json()) as ErrorBody[];
  assert.equal(refused?.error.status, 'RESOURCE_EXHAUSTED');
});

test('a web search is told with the end of the answer, in bytes', async () => {
  using _ = simulator.script('look', [
    { type: 'text', text: 'Grüezi. ' },
    { type: 'web-search', query: 'rain', results: [{ title: 'A', url: 'https://a.example' }] },
    { type: 'text', text: 'Es regnet.', citations: [{ title: 'A', url: 'https://a.example' }] },
  ]);
  const [whole, streamed] = [await generate(simulator, 'look'), await stream(simulator, 'look')];
  const grounding = whole.candidates?.[0]?.groundingMetadata;
  assert.deepEqual(grounding?.webSearchQueries, ['rain']);
  assert.deepEqual(grounding?.groundingChunks, [{ web: { uri: 'https://a.example', title: 'A' } }]);
  const [support] = grounding?.groundingSupports ?? [];
  assert.deepEqual(support, {
    segment: { startIndex: 9, endIndex: 19, text: 'Es regnet.' },
    groundingChunkIndices: [0],
  });
  assert.equal(Buffer.from(textOf(whole)).subarray(9, 19).toString(), support?.segment.text);
  assert.deepEqual(streamed.at(-1)?.candidates?.[0]?.groundingMetadata, grounding);
});

test('a request with the search tool is answered with made-up pages', async () => {
  const answer = await generate(simulator, { tools: [{ googleSearch: {} }], contents: [user('rain in Paris')] });
  const grounding = answer.candidates?.[0]?.groundingMetadata;
  assert.deepEqual(grounding?.webSearchQueries, ['rain in Paris']);
  assert.deepEqual(
    grounding?.groundingChunks.map(({ web }) => web.uri),
    ['https://example.com/first', 'https://example.org/second'],
  );
  assert.deepEqual(grounding?.groundingSupports[0]?.segment, {
    endIndex: Buffer.byteLength(textOf(answer)),
    text: textOf(answer),
  });
  assert.deepEqual(grounding?.groundingSupports[0]?.groundingChunkIndices, [0, 1]);
});

test('pages in the prompt are read where the request says so', async () => {
  const contents = [user('Sum up https://example.com/a and <https://example.com/b>')];
  const { candidates } = await generate(simulator, { tools: [{ urlContext: {} }], contents });
  assert.deepEqual(candidates?.[0]?.urlContextMetadata, {
    urlMetadata: ['https://example.com/a', 'https://example.com/b'].map((retrievedUrl) => ({
      retrievedUrl,
      urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS',
    })),
  });
  assert.equal((await generate(simulator, { contents })).candidates?.[0]?.urlContextMetadata, undefined);
});

test('every way to finish', async () => {
  const finish = async (request: string | object) => finishOf((await stream(simulator, request)).at(-1));
  assert.equal(await finish('[[text Hello]] [[length]]'), 'MAX_TOKENS');
  assert.equal(await finish('[[text No.]] [[refuse]]'), 'SAFETY');
  using _ = simulator.script('paused', [{ type: 'finish', reason: 'pause_turn' }]);
  assert.equal(await finish('paused'), 'STOP');
  const stopped = { generationConfig: { stopSequences: ['two'] }, contents: [user('[[text one two three]]')] };
  assert.equal(await finish(stopped), 'STOP');
  assert.equal(textOf(...(await stream(simulator, stopped))), 'one ');
});

test('a refusal without a word blocks the prompt', async () => {
  for (const response of [await generate(simulator, '[[refuse]]'), ...(await stream(simulator, '[[refuse]]'))]) {
    assert.equal(response.promptFeedback?.blockReason, 'PROHIBITED_CONTENT');
    assert.equal(response.candidates, undefined);
    assert.equal(response.usageMetadata.candidatesTokenCount, undefined);
  }
});

test('an answer may have nothing to say', async () => {
  using _ = simulator.script('nothing', [{ type: 'finish', reason: 'end_turn' }]);
  const responses = await stream(simulator, 'nothing');
  assert.deepEqual(responses[0]?.candidates, [{ content: { role: 'model' }, finishReason: 'STOP', index: 0 }]);
  assert.equal(responses.length, 1);
});

test('a rate limit says how long to wait and which quota is spent', async () => {
  const fail = async (prompt: string) => {
    const response = await post(simulator, prompt);
    assert.equal(response.status, 429);
    return { headers: response.headers, error: ((await response.json()) as ErrorBody).error };
  };
  const detail = ({ details = [] }: ErrorBody['error'], type: string) =>
    details.find((one) => one['@type'] === `type.googleapis.com/google.rpc.${type}`);
  const { headers, error } = await fail('[[status 429 {"retry-after":"7"}]]');
  assert.equal(headers.get('retry-after'), '7');
  assert.deepEqual([error.code, error.status], [429, 'RESOURCE_EXHAUSTED']);
  assert.match(error.message, /exceeded your current quota.*Please retry in 7s\./s);
  assert.equal(detail(error, 'RetryInfo')?.retryDelay, '7s');
  assert.match(JSON.stringify(detail(error, 'QuotaFailure')), /PerMinute.*"model":"gemini-test"/);
  const daily = await fail('[[status 429 {"retry-after":"7200"}]]');
  assert.match(JSON.stringify(detail(daily.error, 'QuotaFailure')), /PerDay/);
  const bare = await fail('[[status 429]]');
  assert.equal(detail(bare.error, 'RetryInfo'), undefined);
});

test('an HTTP error has the status that belongs to it', async () => {
  const statuses = { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND' };
  const others = { 413: 'INVALID_ARGUMENT', 500: 'INTERNAL', 502: 'INTERNAL', 503: 'UNAVAILABLE', 529: 'UNAVAILABLE' };
  for (const [code, status] of Object.entries({ ...statuses, ...others })) {
    const response = await post(simulator, `[[status ${code}]]`);
    assert.equal(response.status, Number(code));
    const { error } = (await response.json()) as ErrorBody;
    assert.deepEqual([error.code, error.status], [Number(code), status]);
  }
  using _ = simulator.script('busy', [{ type: 'status', status: 503, errorType: 'overloaded_error', message: 'Busy' }]);
  const { error } = (await (await post(simulator, 'busy')).json()) as ErrorBody;
  assert.deepEqual(error, { code: 503, message: 'Busy', status: 'UNAVAILABLE' });
});

test('an error in mid-stream comes bare after the content and ends the stream', async () => {
  const prompt = '[[text Hello]] [[error overloaded_error]]';
  const body = await (await post(simulator, prompt, { verb: 'streamGenerateContent?alt=sse' })).text();
  const end = body.lastIndexOf('\r\n\r\n') + 4;
  assert.equal(textOf(...readEvents(body.slice(0, end))), 'Hello');
  assert.equal((JSON.parse(body.slice(end)) as ErrorBody).error.status, 'UNAVAILABLE');
  assert.equal((await post(simulator, prompt)).status, 503);
  const named = (await (await post(simulator, '[[error DEADLINE_EXCEEDED]]')).json()) as ErrorBody;
  assert.equal(named.error.code, 504);
});

test('fragments, cuts and raw bytes do what they do elsewhere', async () => {
  assert.equal(textOf(...(await stream(simulator, '[[fragment 3]] [[text Grüße 😀 漢字]]'))), 'Grüße 😀 漢字');
  await assert.rejects(stream(simulator, '[[text Hello]] [[cut]]'));
  using _ = simulator.script('garbage', [{ type: 'raw', bytes: 'data: {' }]);
  for (const verb of ['streamGenerateContent?alt=sse', 'streamGenerateContent', 'generateContent']) {
    assert.equal(await (await post(simulator, 'garbage', { verb })).text(), 'data: {');
  }
});

test('a slow answer takes its time', async () => {
  const before = performance.now();
  assert.equal(textOf(...(await stream(simulator, '[[slow 40]] [[text one two three]]'))), 'one two three');
  assert.ok(performance.now() - before > 70);
});

test('what Gemini CLI adds to a prompt is not the prompt', async () => {
  const contents = [
    user('[[text old]]'),
    model('old'),
    user('<session_context>\n[[text no]]\n</session_context>', '[[text yes]]'),
  ];
  assert.equal(textOf(await generate(simulator, { contents })), 'yes');
  assert.equal(simulator.lastRequest()?.prompt.text, '[[text yes]]');
});

test('tool results are quoted, or obeyed where they hold a directive', async () => {
  const after = async (...parts: object[]) => {
    const call = { functionCall: { id: 'a', name: 'f', args: {} } };
    const contents = [
      user('[[call f]]'),
      model(...parts.filter((part) => 'functionResponse' in part).map(() => call)),
      user(...parts),
    ];
    return textOf(await generate(simulator, { contents }));
  };
  const result = (response: object) => ({ functionResponse: { id: 'a', name: 'f', response } });
  assert.match(await after(result({ output: '18 degrees' }), { text: '.' }), /simulated.*"18 degrees"/);
  const untrusted = '<untrusted_context>\n18 degrees\n</untrusted_context>';
  assert.match(await after(result({ output: untrusted })), /returned "18 degrees"\./);
  assert.match(await after(result({ error: 'too hot' }), result({ degrees: 18 })), /"too hot" and "\{"degrees":18\}"/);
  assert.equal(await after(result({ output: '[[text told]]' })), 'told');
  assert.equal(await after(result({ output: '[[text a]]' }), { text: '[[text b]]' }), 'b');
});

test('an output schema is satisfied, in either language', async () => {
  const ask = async (generationConfig: object) =>
    JSON.parse(textOf(await generate(simulator, { generationConfig, contents: [user('Where?')] })));
  const json = { responseMimeType: 'application/json' };
  const properties = { city: { type: 'string' } };
  const responseJsonSchema = { type: 'object', required: ['city'], properties };
  assert.deepEqual(await ask({ ...json, responseJsonSchema }), { city: 'simulated' });
  const responseSchema = {
    type: 'OBJECT',
    required: ['tags'],
    properties: { tags: { type: 'ARRAY', minItems: 1, items: { anyOf: [{ type: 'INTEGER' }] } } },
  };
  assert.deepEqual(await ask({ ...json, responseSchema }), { tags: [0] });
  assert.deepEqual(await ask(json), {});
});

test('tokens are counted, of a conversation or of a whole request', async () => {
  const contents = [user('Hello'), model('Hi')];
  const generateContentRequest = { model: 'models/gemini-test', contents, systemInstruction: user('Be brief') };
  for (const body of [{ contents }, { generateContentRequest }]) {
    const response = await post(simulator, body, { verb: 'countTokens' });
    assert.ok(((await response.json()) as { totalTokens: number }).totalTokens > 0);
  }
  assert.equal((await post(simulator, { contents: [] }, { verb: 'countTokens' })).status, 400);
});

test('models are listed and shown', async () => {
  const get = async (path: string) => (await fetch(`${simulator.url}${path}?key=dummy`)).json();
  const { models } = (await get('/v1beta/models')) as { models: { name: string }[] };
  assert.ok(models.some(({ name }) => name === 'models/gemini-2.5-flash'));
  assert.equal(((await get('/v1beta/models/gemini-x')) as { name: string }).name, 'models/gemini-x');
});

test("a test's script that fails is an API error that says so", async () => {
  using _ = simulator.script('boom', () => {
    throw new Error('the test is wrong');
  });
  const response = await post(simulator, 'boom');
  assert.equal(response.status, 500);
  assert.match(await response.text(), /the test is wrong/);
});
