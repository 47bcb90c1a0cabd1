import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSimulator } from '../start-simulator.ts';
import { type ErrorBody, model, post, user } from './test-client.ts';

const simulator = await startSimulator({ record: 0 });
after(() => simulator[Symbol.asyncDispose]());

const call = (name: string, id?: string) => ({ functionCall: { name, args: {}, ...(id && { id }) } });
const result = (name: string, id?: string) => ({
  functionResponse: { name, response: { output: 'ok' }, ...(id && { id }) },
});
const file = (mimeType: string, data: string) => ({ inlineData: { mimeType, data } });
const config = (generationConfig: object) => ({ generationConfig });
const declare = (...functionDeclarations: object[]) => ({ tools: [{ functionDeclarations }] });
const choose = (functionCallingConfig: object) => ({ toolConfig: { functionCallingConfig } });
const contents = (...given: object[]) => ({ contents: given });
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const PDF = Buffer.from('%PDF-1.4').toString('base64');

const refused: readonly [name: string, request: object, message: RegExp, model?: string][] = [
  ['no contents', { contents: undefined }, /^\* GenerateContentRequest\.contents: contents is not specified\n$/],
  ['an empty conversation', contents(), /contents is not specified/],
  ['no parts', contents(user('a'), model('b'), user()), /contents\[2\]\.parts: contents\.parts must not be empty\./],
  ['an empty part', contents(user({})), /contents\[0\]\.parts\[0\]\.data: required oneof field 'data' must have one/],
  ['only a thought mark', contents(user({ thought: true })), /required oneof field 'data'/],
  ['a part of two kinds', contents(user({ text: 'a', ...call('f') })), /\(oneof\), oneof field 'data' is already set/],
  ['an empty text', contents(user('')), /^Unable to submit request because it must have a text parameter\./],
  [
    'a text that is a number',
    contents(user({ text: 5 })),
    /^Invalid value at 'contents\[0\]\.parts\[0\]\.text' \(TYPE_STR/,
  ],
  [
    'an empty system instruction',
    { systemInstruction: { parts: [] } },
    /system_instruction\.parts: .* must not be empty/,
  ],
  [
    'a role of its own',
    contents({ role: 'assistant', parts: [{ text: 'a' }] }),
    /^Please use a valid role: user, model\.$/,
  ],
  ['a model that speaks alone', contents(model('a')), /^Please ensure that single turn requests end with a user role/],
  ['a model that speaks last', contents(user('a'), model('b')), /^Requests ending with a model turn are not supported/],
  [
    'an unknown field',
    { temperature: 1 },
    /^Invalid JSON payload received\. Unknown name "temperature": Cannot find field\.$/,
  ],
  [
    'an unknown field deep inside',
    contents(user({ functionCall: { name: 'f', arguments: {} } })),
    /Unknown name "arguments" at 'contents\[0\]\.parts\[0\]\.function_call': Cannot find field\./,
  ],
  [
    'JSON Schema in the other language',
    declare({ name: 'f', parameters: { type: 'object', properties: { a: { const: 1 } } } }),
    /Unknown name "const" at 'tools\[0\]\.function_declarations\[0\]\.parameters\.properties\[0\]\.value'/,
  ],
  [
    'a call after a model turn',
    contents(user('a'), model('b'), model(call('f')), user(result('f'))),
    /^Please ensure that function call turn comes immediately after a user turn or after a function response turn\.$/,
  ],
  ['a call at the beginning', contents(model(call('f')), user(result('f'))), /^Please ensure that function call turn/],
  ['a call by the user', contents(user('a'), user(call('f')), user('b')), /^Please ensure that function call turn/],
  [
    'a response without a call',
    contents(user('a'), model('b'), user(result('f'))),
    /^Please ensure that function response turn comes immediately after a function call turn\.$/,
  ],
  [
    'fewer responses than calls',
    contents(user('a'), model(call('f'), call('g')), user(result('f'))),
    /^Please ensure that the number of function response parts is equal to the number of function call parts/,
  ],
  [
    'more responses than calls',
    contents(user('a'), model(call('f')), user(result('f'), result('f'))),
    /^Please ensure that the number/,
  ],
  ['no response at all', contents(user('a'), model(call('f')), user('b')), /^Please ensure that the number/],
  [
    'responses in two turns',
    contents(user('a'), model(call('f'), call('f')), user(result('f')), user(result('f'))),
    /the number/,
  ],
  ['a response of another name', contents(user('a'), model(call('f')), user(result('g'))), /function response "g"/],
  ['a response of another id', contents(user('a'), model(call('f', 'x')), user(result('f', 'y'))), /response "y"/],
  [
    'a response without a name',
    contents(user('a'), model(call('f')), user(result(''))),
    /contents\[2\]\.parts\[0\]\.function_response\.name: Name cannot be empty\./,
  ],
  [
    'a response that is a text',
    contents(user('a'), model(call('f')), user({ functionResponse: { name: 'f', response: 'ok' } })),
    /function_response\.response' \(type\.googleapis\.com\/google\.protobuf\.Struct\), "ok"/,
  ],
  [
    'a call without its signature',
    contents(user('a'), model(call('f')), user(result('f'))),
    /^Function call is missing a thought_signature .*`default_api:f` , position 2\./,
    'gemini-3-pro-preview',
  ],
  [
    'a signature that is no base64',
    contents(user('a'), model({ text: 'b', thoughtSignature: '!' }), user('c')),
    /contents\[1\]\.parts\[0\]\.thought_signature' \(TYPE_BYTES\), Base64 decoding failed for "!"/,
  ],
  [
    'a data URL',
    contents(user(file('image/png', `data:image/png;base64,${PNG}`))),
    /inline_data\.data' \(TYPE_BYTES\)/,
  ],
  ['an image without data', contents(user(file('image/png', ''))), /Base64 decoding failed/],
  ['an image that is none', contents(user(file('image/png', PDF))), /^Unable to process input image\./],
  ['a GIF', contents(user(file('image/gif', PNG))), /^Unsupported MIME type: image\/gif/],
  ['a file of no known type', contents(user(file('application/zip', PDF))), /^Unsupported MIME type: application\/zip/],
  ['a PDF file that is none', contents(user(file('application/pdf', PNG))), /^The document has no pages\./],
  ['two functions of one name', declare({ name: 'f' }, { name: 'f' }), /^Duplicate function declaration found: f$/],
  [
    'a function name with a blank',
    declare({ name: 'a b' }),
    /tools\[0\]\.function_declarations\[0\]\.name: Invalid function name/,
  ],
  [
    'a function with two schemas',
    declare({ name: 'f', parameters: {}, parametersJsonSchema: {} }),
    /must not both be set/,
  ],
  [
    'search beside functions',
    { tools: [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: {} }] },
    /^Please enable tool_config\.include_server_side_tool_invocations to use Built-in tools with Function calling\.$/,
  ],
  [
    'JSON with functions',
    { ...declare({ name: 'f' }), ...config({ responseMimeType: 'application/json' }) },
    /^Function calling with a response mime type: 'application\/json' is unsupported$/,
    'gemini-2.5-flash',
  ],
  [
    'a choice without functions',
    choose({ mode: 'ANY' }),
    /^Function calling config is set without function_declarations\.$/,
  ],
  ['a mode of its own', choose({ mode: 'REQUIRED' }), /function_calling_config\.mode' .*"REQUIRED"$/],
  [
    'a choice of no function',
    { ...declare({ name: 'f' }), ...choose({ mode: 'ANY', allowedFunctionNames: ['g'] }) },
    /"g"/,
  ],
  [
    'names without a choice',
    { ...declare({ name: 'f' }), ...choose({ mode: 'AUTO', allowedFunctionNames: ['f'] }) },
    /ANY/,
  ],
  ['temperature 2.5', config({ temperature: 2.5 }), /temperature must be in the range \[0\.0, 2\.0\]/],
  ['topP 2', config({ topP: 2 }), /top_p must be in the range \[0\.0, 1\.0\]/],
  ['no output at all', config({ maxOutputTokens: 0 }), /^Request contains an invalid argument\.$/],
  ['six stop sequences', config({ stopSequences: [...'abcdef'] }), /number of stop_sequences must not exceed 5/],
  ['two candidates', config({ candidateCount: 2 }), /^Multiple candidates is not enabled for this model$/],
  ['a schema without JSON', config({ responseSchema: {} }), /response_mime_type/],
  ['two output schemas', config({ responseSchema: {}, responseJsonSchema: {} }), /^Only one of/],
  [
    'a budget and a level',
    config({ thinkingConfig: { thinkingBudget: 1, thinkingLevel: 'LOW' } }),
    /^You can only set only one of thinking budget and thinking level\.$/,
  ],
  [
    'a level for an old model',
    config({ thinkingConfig: { thinkingLevel: 'LOW' } }),
    /^Thinking level is not/,
    'gemini-2.5-pro',
  ],
  [
    'no thinking for a model that must',
    config({ thinkingConfig: { thinkingBudget: 0 } }),
    /^Budget 0 is inv/,
    'gemini-2.5-pro',
  ],
  [
    'a small budget',
    config({ thinkingConfig: { thinkingBudget: 256 } }),
    /^The thinking budget 256 is invalid\. Please choose a value between 512 and 24576\.$/,
    'gemini-2.5-flash-lite',
  ],
];
for (const [name, request, message, modelId] of refused) {
  test(`refused: ${name}`, async () => {
    const body = { contents: [user('Hello')], ...request };
    for (const verb of ['generateContent', 'streamGenerateContent?alt=sse']) {
      const response = await post(simulator, body, { verb, ...(modelId && { model: modelId }) });
      const { error } = (await response.json()) as ErrorBody;
      assert.equal(response.status, 400, JSON.stringify(error));
      assert.deepEqual([error.code, error.status], [400, 'INVALID_ARGUMENT']);
      assert.match(error.message, message);
    }
  });
}

const SIGNED = { ...call('f', 'x'), thoughtSignature: 'skip_thought_signature_validator' };
const taken: readonly [name: string, request: object, model?: string][] = [
  [
    'a long and varied conversation',
    {
      systemInstruction: user('Be brief'),
      ...declare({ name: 'f', description: 'F', parametersJsonSchema: { type: 'object', $defs: {}, const: 1 } }),
      ...choose({ mode: 'ANY', allowedFunctionNames: ['f'] }),
      safetySettings: [],
      ...config({
        temperature: 2,
        topP: 0.95,
        topK: 64,
        seed: 1,
        maxOutputTokens: 1,
        stopSequences: ['END'],
        thinkingConfig: { includeThoughts: true, thinkingBudget: -1 },
      }),
      contents: [
        user('Look', file('image/png', PNG), file('application/pdf', PDF), file('audio/wav', PNG)),
        user('And this', { fileData: { fileUri: 'https://example.com/a.mp4', mimeType: 'video/mp4' } }),
        model({ text: 'Hm', thought: true }, { text: '', thoughtSignature: 'c2ln' }, call('f', 'x'), call('f')),
        user(result('f'), result('f', 'x'), 'and now?'),
        model(call('f', 'z')),
        { role: 'function', parts: [result('f', 'z')] },
      ],
    },
  ],
  ['no function at all', { ...declare(), ...choose({ mode: 'AUTO' }) }],
  ['a leading empty text', contents(user(''), model('a'), user('b'))],
  ['a content without a role', contents({ parts: [{ text: 'a' }] })],
  [
    'an old call without signature',
    contents(user('a'), model(call('f')), user(result('f')), model('b'), user('c')),
    'gemini-3-pro-preview',
  ],
  ['a signed call', contents(user('a'), model(SIGNED), user(result('f', 'x'), '.')), 'gemini-3-pro-preview'],
  [
    'search beside functions, where it is asked for',
    {
      tools: [{ functionDeclarations: [{ name: 'f' }], googleSearch: {} }],
      toolConfig: { includeServerSideToolInvocations: true },
    },
  ],
  [
    'JSON with functions of a newer model',
    { ...declare({ name: 'f' }), ...config({ responseMimeType: 'application/json' }) },
    'gemini-3-pro',
  ],
  ['no thinking', config({ thinkingConfig: { includeThoughts: false, thinkingBudget: 0 } }), 'gemini-2.5-flash-lite'],
];
for (const [name, request, modelId] of taken) {
  test(`taken: ${name}`, async () => {
    const response = await post(
      simulator,
      { contents: [user('Hello')], ...request },
      { ...(modelId && { model: modelId }) },
    );
    assert.equal(response.status, 200, await response.text());
  });
}

test('a client is known by its key, in the header or the query, or by a token', async () => {
  const unknown = await post(simulator, 'Hello', { headers: {} });
  assert.equal(unknown.status, 403);
  assert.equal(((await unknown.json()) as ErrorBody).error.status, 'PERMISSION_DENIED');
  assert.equal((await post(simulator, 'Hello', { headers: {}, verb: 'generateContent?key=dummy' })).status, 200);
  assert.equal((await post(simulator, 'Hello', { headers: { authorization: 'Bearer dummy' } })).status, 200);
});

test('what is not a JSON object is refused', async () => {
  for (const body of ['{"contents":', '[]']) {
    const response = await post(simulator, 'Hello', { body });
    assert.equal(response.status, 400);
    assert.match(((await response.json()) as ErrorBody).error.message, /^Invalid JSON payload received\./);
  }
});

test('the stable version takes the same requests, and the list of models there is not for this API', async () => {
  const headers = { 'x-goog-api-key': 'dummy' };
  const body = JSON.stringify({ contents: [user('[[text Hello]]')] });
  const response = await fetch(`${simulator.url}/v1/models/m:generateContent`, { method: 'POST', headers, body });
  assert.match(await response.text(), /"Hello"/);
  const list = await fetch(`${simulator.url}/v1/models`, { headers });
  assert.doesNotMatch(await list.text(), /models\/gemini/);
});

test('an unknown path, verb or method is not found', async () => {
  const headers = { 'x-goog-api-key': 'dummy' };
  const get = (path: string, method = 'GET') => fetch(`${simulator.url}${path}`, { method, headers });
  for (const response of [
    await get('/v1beta/cachedContents'),
    await get('/v1beta/models', 'POST'),
    await get('/v1beta/models/m:generateContent'),
    await get('/v1beta/models/m:bake', 'POST'),
  ]) {
    assert.equal(response.status, 404);
    assert.equal(((await response.json()) as ErrorBody).error.status, 'NOT_FOUND');
  }
});
