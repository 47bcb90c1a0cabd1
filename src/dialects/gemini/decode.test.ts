import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { decode } from './decode.ts';

const hello = { role: 'user', parts: [{ text: 'hi' }] };
const at = (target: string, query: Record<string, string> = {}) => ({
  ...decodeContext,
  parameters: { target },
  query,
});
const read = (body: object, target = 'm:generateContent') => decode({ contents: [hello], ...body }, at(target));
const settle = (generationConfig: object) => read({ generationConfig });
const tools = [{ functionDeclarations: [{ name: 'f' }, { name: 'g' }] }];

describe('decode', () => {
  it('reads the smallest request', () => {
    assert.deepEqual(read({}), {
      kind: 'generate',
      request: { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }], tools: [] },
      choices: 1,
      stream: false,
      asked: {},
      ignored: [],
      places: new Map(),
      options: { framing: 'sse', includeThoughts: false },
    });
  });

  it('finds model and verb in the path', () => {
    const model = (target: string) => read({}, target).request.model;
    assert.equal(model('models/vendor/model:8b:generateContent'), 'vendor/model:8b');
    for (const target of ['m', '', ':generateContent', 'm:', 'm:embedContent', 'm:toString', 'm/generateContent']) {
      assert.throws(() => read({}, target), { kind: 'not-found', message: /generateContent/ }, target);
    }
  });

  it('streams as events or as one array, and counts without answering', () => {
    const framing = (query: Record<string, string>) =>
      decode({ contents: [hello] }, at('m:streamGenerateContent', query)).options.framing;
    assert.deepEqual(
      [framing({ alt: 'sse' }), framing({ alt: 'json' }), framing({})],
      ['sse', 'json-array', 'json-array'],
    );
    assert.equal(read({}, 'm:streamGenerateContent').stream, true);
    const counted = read({}, 'm:countTokens');
    assert.deepEqual([counted.kind, counted.stream], ['count-tokens', false]);
    const nested = { generateContentRequest: { model: 'models/m', contents: [hello], systemInstruction: 'Be brief.' } };
    assert.equal(decode(nested, at('m:countTokens')).request.system, 'Be brief.');
    const param = 'generate_content_request.contents[0].role';
    const wrong = { generate_content_request: { contents: [{ role: 'x', parts: [] }] } };
    assert.throws(() => decode(wrong, at('m:countTokens')), { param });
  });

  it('keeps every setting and the name that it was asked for by', () => {
    const { request, asked, choices, ignored } = settle({
      temperature: 0.5,
      top_p: 0.9,
      topK: 40,
      max_output_tokens: 100,
      stopSequences: ['END', ''],
      seed: 7,
      presencePenalty: 0.1,
      frequency_penalty: -0.1,
      candidateCount: 3,
    });
    const { messages: _, tools: __, model: ___, ...values } = request;
    assert.deepEqual(values, {
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      maxOutputTokens: 100,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
    });
    assert.deepEqual(asked, {
      temperature: 'generationConfig.temperature',
      topP: 'generationConfig.top_p',
      topK: 'generationConfig.topK',
      maxOutputTokens: 'generationConfig.max_output_tokens',
      stop: 'generationConfig.stopSequences',
      seed: 'generationConfig.seed',
      presencePenalty: 'generationConfig.presencePenalty',
      frequencyPenalty: 'generationConfig.frequency_penalty',
    });
    assert.deepEqual([choices, ignored], [3, []]);
  });

  it("takes the API's own defaults for no wish", () => {
    const { asked } = settle({ temperature: 1, topP: 0.95, topK: 64, presencePenalty: 0, candidateCount: 1 });
    assert.deepEqual(asked, {});
  });

  it('prefers the first spelling where a field is given in both', () => {
    assert.equal(settle({ topP: 0.1, top_p: 0.2 }).request.topP, 0.1);
    assert.equal(settle({ topP: null, top_p: 0.2 }).request.topP, 0.2);
  });

  it('takes a budget or a level of thinking for an effort', () => {
    const think = (thinkingConfig: object) => settle({ thinkingConfig });
    const effort = (thinkingBudget: number) => think({ thinkingBudget }).request.effort;
    assert.deepEqual([-1, 0, 1, 512, 513, 4_096, 4_097, 16_384, 16_385, 24_576, 24_577].map(effort), [
      undefined,
      'none',
      'minimal',
      'minimal',
      'low',
      'low',
      'medium',
      'medium',
      'high',
      'high',
      'xhigh',
    ]);
    const levelled = think({ thinking_level: 'LOW', thinkingBudget: -1, includeThoughts: true });
    assert.equal(levelled.request.effort, 'low');
    assert.equal(levelled.asked.effort, 'generationConfig.thinkingConfig.thinking_level');
    assert.equal(levelled.options.includeThoughts, true);
    assert.equal(think({ thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }).request.effort, undefined);
  });

  it('reads JSON modes, whichever kind of schema stands where', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const wire = { type: 'OBJECT', properties: { a: { type: 'STRING' } } };
    for (const name of ['responseSchema', 'responseJsonSchema', 'response_schema', 'response_json_schema']) {
      for (const given of [schema, wire]) {
        const { request, asked } = settle({ responseMimeType: 'application/json', [name]: given });
        assert.deepEqual(request.outputFormat, { kind: 'json-schema', name: 'response', schema, strict: false });
        assert.equal(asked.outputFormat, `generationConfig.${name}`);
      }
    }
    const json = settle({ responseMimeType: 'application/json' });
    assert.deepEqual(json.request.outputFormat, { kind: 'json-object' });
    assert.equal(json.asked.outputFormat, 'generationConfig.responseMimeType');
    assert.equal(settle({ responseMimeType: 'text/plain' }).request.outputFormat, undefined);
    assert.deepEqual(settle({ responseMimeType: 'text/x.enum', responseSchema: wire }).ignored, [
      'generationConfig.responseMimeType',
    ]);
  });

  it('tells what was asked for in vain', () => {
    const { ignored } = read({
      safety_settings: [{}],
      cachedContent: 'cachedContents/a',
      labels: { a: 'b' },
      tools: [{ codeExecution: {} }, { google_maps: {} }],
      generationConfig: {
        responseLogprobs: true,
        logprobs: 2,
        responseModalities: ['TEXT', 'IMAGE'],
        mediaResolution: 'MEDIA_RESOLUTION_LOW',
      },
    });
    assert.deepEqual(ignored, [
      'safety_settings',
      'cachedContent',
      'tools[0].codeExecution',
      'tools[1].google_maps',
      'generationConfig.responseLogprobs',
      'generationConfig.logprobs',
      'generationConfig.responseModalities',
      'generationConfig.mediaResolution',
    ]);
    assert.deepEqual(read({ safetySettings: [], generationConfig: { responseModalities: ['TEXT'] } }).ignored, []);
  });

  it('takes any tool of the web for a web search', () => {
    for (const name of ['googleSearch', 'google_search_retrieval', 'urlContext']) {
      const { request, asked } = read({ tools: [...tools, { [name]: {} }] });
      assert.deepEqual([request.webSearch, asked.webSearch], [true, `tools[1].${name}`]);
      assert.equal(request.tools.length, 2);
    }
  });

  it('reads functions with either kind of schema', () => {
    const [first, second, third] = read({
      tools: [
        {
          functionDeclarations: [
            { name: 'a', description: 'A.', parameters: { type: 'OBJECT', properties: { x: { type: 'STRING' } } } },
            { name: 'b', parameters_json_schema: { type: 'object', additionalProperties: false } },
            { name: 'c', parameters: { properties: { y: {} }, nullable: true } },
          ],
        },
      ],
    }).request.tools;
    const parameters = { type: 'object', properties: { x: { type: 'string' } } };
    assert.deepEqual(first, { kind: 'function', name: 'a', description: 'A.', parameters });
    assert.deepEqual(second, {
      kind: 'function',
      name: 'b',
      parameters: { type: 'object', additionalProperties: false },
    });
    assert.deepEqual(third, { kind: 'function', name: 'c', parameters: { type: 'object', properties: { y: {} } } });
  });

  it('holds the model to the functions that it may call', () => {
    const select = (functionCallingConfig: object) => {
      const { request, asked } = read({ tools, toolConfig: { functionCallingConfig } });
      return [request.tools.map(({ name }) => name).join(), request.toolChoice, asked.toolChoice];
    };
    const place = 'toolConfig.functionCallingConfig';
    assert.deepEqual(select({ mode: 'AUTO', allowedFunctionNames: ['f'] }), ['f,g', undefined, undefined]);
    assert.deepEqual(select({ mode: 'NONE' }), ['f,g', { mode: 'none' }, place]);
    assert.deepEqual(select({ mode: 'any' }), ['f,g', { mode: 'required' }, place]);
    assert.deepEqual(select({ mode: 'ANY', allowedFunctionNames: ['g'] }), ['f,g', { mode: 'tool', name: 'g' }, place]);
    assert.deepEqual(select({ mode: 'ANY', allowedFunctionNames: ['g', 'f'] }), ['f,g', { mode: 'required' }, place]);
    assert.deepEqual(select({ mode: 'VALIDATED', allowed_function_names: ['g'] }), ['g', undefined, undefined]);
    assert.deepEqual(select({}), ['f,g', undefined, undefined]);
    assert.deepEqual(read({ toolConfig: { functionCallingConfig: { mode: 'NONE' } } }).asked, {});
  });
});
