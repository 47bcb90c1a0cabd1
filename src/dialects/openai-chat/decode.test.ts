import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestLimits } from '../../../test/support/request-limits.ts';
import { decode } from './decode.ts';

const hello = { role: 'user', content: 'hi' };
const read = (body: object) => decode({ model: 'm', ...body }, requestLimits);
const settle = (extra: object) => read({ messages: [hello], ...extra });
const tool = { type: 'function', function: { name: 'f' } };

describe('decode', () => {
  it('asks for nothing that the body does not say', () => {
    assert.deepEqual(settle({}), {
      kind: 'generate',
      request: { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }], tools: [] },
      choices: 1,
      stream: false,
      asked: {},
      ignored: [],
      places: new Map(),
      options: { includeUsage: false },
    });
  });

  it('takes null for not given and passes over what it does not know', () => {
    const names = [
      ...['max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'stop', 'seed', 'presence_penalty', 'n'],
      ...['frequency_penalty', 'reasoning_effort', 'verbosity', 'parallel_tool_calls', 'response_format', 'tools'],
      ...['web_search_options', 'stream', 'stream_options', 'tool_choice', 'functions', 'function_call', 'reasoning'],
      ...['logit_bias', 'logprobs', 'modalities', 'audio', 'store', 'service_tier', 'prediction', 'input', 'text'],
    ];
    const nothing = Object.fromEntries(names.map((name) => [name, null]));
    assert.deepEqual(settle({ ...nothing, some_new_thing: { a: 1 }, text: 'unknown', user: 'ann' }), settle({}));
  });

  it('reads each setting and notes the name that it was asked for by', () => {
    const schema = { type: 'object' };
    const { request, asked, choices, stream, options } = settle({
      max_tokens: 5,
      temperature: 0,
      top_p: 0.5,
      stop: 'END',
      seed: 7,
      presence_penalty: 1,
      frequency_penalty: -1,
      reasoning_effort: 'xhigh',
      verbosity: 'low',
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } },
      web_search_options: {},
      tools: [tool],
      tool_choice: 'required',
      n: 3,
      stream: true,
      stream_options: { include_usage: true },
    });
    const { model, messages, tools, ...settings } = request;
    assert.deepEqual(settings, {
      maxOutputTokens: 5,
      temperature: 0,
      topP: 0.5,
      stop: ['END'],
      seed: 7,
      presencePenalty: 1,
      frequencyPenalty: -1,
      effort: 'xhigh',
      verbosity: 'low',
      parallelToolCalls: false,
      outputFormat: { kind: 'json-schema', name: 'x', schema, strict: true },
      webSearch: true,
      toolChoice: { mode: 'required' },
    });
    assert.deepEqual(asked, {
      maxOutputTokens: 'max_tokens',
      temperature: 'temperature',
      topP: 'top_p',
      stop: 'stop',
      seed: 'seed',
      presencePenalty: 'presence_penalty',
      frequencyPenalty: 'frequency_penalty',
      effort: 'reasoning_effort',
      verbosity: 'verbosity',
      parallelToolCalls: 'parallel_tool_calls',
      outputFormat: 'response_format',
      webSearch: 'web_search_options',
      toolChoice: 'tool_choice',
    });
    assert.deepEqual([choices, stream, options], [3, true, { includeUsage: true }]);
  });

  it('counts as asked only what differs from what happens anyway', () => {
    const ordinary = {
      temperature: 1,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      verbosity: 'medium',
      parallel_tool_calls: true,
      response_format: { type: 'text' },
      stop: ['', ''],
      tools: [tool],
      tool_choice: 'auto',
    };
    assert.deepEqual(settle(ordinary).asked, {});
    assert.deepEqual(settle({ parallel_tool_calls: false, tool_choice: 'none' }).asked, {});
  });

  it('prefers the newer of two names', () => {
    const both = settle({
      max_tokens: 5,
      max_completion_tokens: 6,
      reasoning_effort: 'low',
      reasoning: { effort: 'high' },
    });
    assert.deepEqual([both.request.maxOutputTokens, both.request.effort], [6, 'low']);
    assert.deepEqual(both.asked, { maxOutputTokens: 'max_completion_tokens', effort: 'reasoning_effort' });
    assert.deepEqual(settle({ reasoning: { effort: 'high' } }).asked, { effort: 'reasoning.effort' });
  });

  it('names what is asked for in vain, and only that', () => {
    const vain = {
      logit_bias: { 1: 2 },
      logprobs: true,
      top_logprobs: 2,
      prediction: { type: 'content', content: '' },
      modalities: ['audio'],
      audio: {},
      service_tier: 'flex',
      store: true,
    };
    assert.deepEqual(settle(vain).ignored, Object.keys(vain));
    const harmless = {
      logit_bias: {},
      logprobs: false,
      top_logprobs: 0,
      modalities: ['text'],
      service_tier: 'auto',
      store: false,
      metadata: { a: 'b' },
      prompt_cache_key: 'x',
      safety_identifier: 'y',
    };
    assert.deepEqual(settle(harmless).ignored, []);
  });

  it('reads a body in the shape of the responses API', () => {
    const schema = { type: 'object', properties: {} };
    const { request, asked } = read({
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Looking.' }] },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
        { type: 'custom_tool_call', call_id: 'b', name: 'g', input: 'free' },
        { type: 'custom_tool_call_output', call_id: 'b', output: 'two' },
        { type: 'function_call_output', call_id: 'a', output: [{ type: 'input_text', text: 'one' }] },
      ],
      tools: [
        { type: 'function', name: 'f', parameters: schema, strict: false },
        { type: 'custom', name: 'g', format: { type: 'grammar', syntax: 'regex', definition: '.*' } },
      ],
      tool_choice: { type: 'function', name: 'f' },
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { type: 'json_schema', name: 'x', schema } },
      max_output_tokens: 9,
    });
    assert.equal(request.system, 'Be brief.');
    assert.deepEqual(request.messages, [
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.' },
          { type: 'text', text: 'Looking.' },
          { type: 'tool-call', call: { kind: 'function', id: 'a', name: 'f', arguments: '{}' } },
          { type: 'tool-call', call: { kind: 'custom', id: 'b', name: 'g', arguments: 'free' } },
        ],
      },
      { role: 'tool', callId: 'b', content: [{ type: 'text', text: 'two' }] },
      { role: 'tool', callId: 'a', content: [{ type: 'text', text: 'one' }] },
    ]);
    assert.deepEqual(request.tools, [
      { kind: 'function', name: 'f', parameters: schema, strict: false },
      { kind: 'custom', name: 'g', grammar: { syntax: 'regex', definition: '.*' } },
    ]);
    assert.deepEqual(request.outputFormat, { kind: 'json-schema', name: 'x', schema, strict: false });
    assert.deepEqual(asked, {
      toolChoice: 'tool_choice',
      effort: 'reasoning.effort',
      outputFormat: 'text.format',
      maxOutputTokens: 'max_output_tokens',
    });
    const { messages } = read({ input: 'hi' }).request;
    assert.deepEqual(messages, [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
  });
});
