import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { tinyImages } from '../../../test/support/tiny-images.ts';
import type { ReasoningPart } from '../../core/message.ts';
import { decode, decodeCompact, decodeTokenCount } from './decode.ts';
import { sealReasoningPart, sealSummary } from './sealed-text.ts';

const read = (body: object) => decode({ model: 'm', ...body }, decodeContext);
const settle = (extra: object) => read({ input: 'hi', ...extra });
const messagesOf = (...input: unknown[]) => read({ input }).request.messages;
const text = (value: string) => ({ type: 'text', text: value });
const user = (value: string) => ({ role: 'user', content: [text(value)] });
const functionCall = (id: string, extra: object = {}) => ({
  type: 'function_call',
  call_id: id,
  name: 'f',
  arguments: '{}',
  ...extra,
});
const functionOutput = (id: string, output: unknown = 'done') => ({
  type: 'function_call_output',
  call_id: id,
  output,
});
const callPart = (id: string, name = 'f') => ({
  type: 'tool-call',
  call: { kind: 'function', id, name, arguments: '{}' },
});

describe('decode', () => {
  it('asks for nothing that the body does not say', () => {
    const { options, ...operation } = settle({});
    assert.deepEqual(operation, {
      kind: 'generate',
      request: { model: 'm', messages: [user('hi')], tools: [] },
      choices: 1,
      stream: false,
      asked: {},
      ignored: [],
      places: new Map(),
    });
    assert.deepEqual([options.summaries, options.encryptedReasoning, options.compacts], [false, false, false]);
    assert.equal(options.request.store, true);
  });

  it('takes null for not given and passes over what it does not know', () => {
    const names = [
      ...['instructions', 'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning', 'text', 'temperature', 'top_p'],
      ...['max_output_tokens', 'max_tool_calls', 'top_logprobs', 'store', 'metadata', 'previous_response_id', 'stream'],
      ...['background', 'include', 'truncation', 'service_tier', 'safety_identifier', 'prompt_cache_key', 'user'],
      ...['conversation', 'prompt', 'context_management', 'moderation', 'stream_options', 'prompt_cache_retention'],
    ];
    const nothing = Object.fromEntries(names.map((name) => [name, null]));
    assert.deepEqual(settle({ ...nothing, some_new_thing: { a: 1 } }), settle({}));
  });

  it('reads each setting and notes the name that it was asked for by', () => {
    const schema = { type: 'object' };
    const { request, asked, stream } = settle({
      max_output_tokens: 5,
      temperature: 0,
      top_p: 0.5,
      presence_penalty: 1,
      frequency_penalty: -1,
      reasoning: { effort: 'xhigh' },
      text: { verbosity: 'low', format: { type: 'json_schema', name: 'x', schema, strict: true } },
      parallel_tool_calls: false,
      tools: [{ type: 'function', name: 'f' }, { type: 'web_search_preview' }],
      tool_choice: 'required',
      stream: true,
    });
    const { model, messages, tools, ...settings } = request;
    assert.deepEqual(settings, {
      maxOutputTokens: 5,
      temperature: 0,
      topP: 0.5,
      presencePenalty: 1,
      frequencyPenalty: -1,
      effort: 'xhigh',
      verbosity: 'low',
      outputFormat: { kind: 'json-schema', name: 'x', schema, strict: true },
      parallelToolCalls: false,
      toolChoice: { mode: 'required' },
      webSearch: true,
    });
    assert.deepEqual(asked, {
      maxOutputTokens: 'max_output_tokens',
      temperature: 'temperature',
      topP: 'top_p',
      presencePenalty: 'presence_penalty',
      frequencyPenalty: 'frequency_penalty',
      effort: 'reasoning.effort',
      verbosity: 'text.verbosity',
      outputFormat: 'text.format',
      parallelToolCalls: 'parallel_tool_calls',
      toolChoice: 'tool_choice',
      webSearch: 'web_search_preview',
    });
    assert.equal(stream, true);
  });

  it('counts as asked only what differs from what happens anyway', () => {
    const ordinary = {
      temperature: 1,
      top_p: 1,
      presence_penalty: 0,
      text: { format: { type: 'text' }, verbosity: 'medium' },
      parallel_tool_calls: true,
      tools: [{ type: 'function', name: 'f' }],
      tool_choice: 'auto',
    };
    assert.deepEqual(settle(ordinary).asked, {});
    assert.deepEqual(settle({ parallel_tool_calls: false, tool_choice: 'none' }).asked, {});
  });

  it('names what is asked for in vain, and only that', () => {
    const vain = settle({
      top_logprobs: 2,
      max_tool_calls: 1,
      truncation: 'auto',
      service_tier: 'flex',
      context_management: [{ type: 'compaction' }],
      moderation: { model: 'x' },
      include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
      tools: [{ type: 'code_interpreter' }, { type: 'web_search', external_web_access: false }],
    });
    assert.deepEqual(vain.ignored, [
      ...['top_logprobs', 'max_tool_calls', 'truncation', 'service_tier', 'context_management', 'moderation'],
      ...['message.output_text.logprobs', 'code_interpreter', 'web_search'],
    ]);
    assert.equal(vain.request.webSearch, undefined);
    const harmless = { top_logprobs: 0, truncation: 'disabled', service_tier: 'auto', metadata: { a: 'b' }, user: 'x' };
    assert.deepEqual(settle(harmless).ignored, []);
  });

  it('seals reasoning for those who keep the conversation themselves, and for those who ask', () => {
    assert.equal(settle({ store: false }).options.encryptedReasoning, true);
    assert.equal(settle({ include: ['reasoning.encrypted_content'] }).options.encryptedReasoning, true);
    assert.equal(settle({ reasoning: { summary: 'auto' } }).options.summaries, true);
    assert.equal(settle({ reasoning: { generate_summary: 'auto' } }).options.summaries, true);
  });
});

describe('a request to count tokens', () => {
  it('is measured by the request that it would be', () => {
    const body = { model: 'm', input: 'hi', instructions: 'Be brief.', stream: true };
    const { kind, stream, request } = decodeTokenCount(body, decodeContext);
    assert.deepEqual([kind, stream, request], ['count-tokens', false, read(body).request]);
  });
});

describe('input', () => {
  it('joins instructions with the leading system messages and leaves later ones where they are', () => {
    const { request } = read({
      instructions: 'One.',
      input: [
        { role: 'developer', content: 'Two.' },
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Three.' }] },
        { role: 'user', content: 'hi' },
        { role: 'developer', content: 'Four.' },
      ],
    });
    assert.equal(request.system, 'One.\n\nTwo.\n\nThree.');
    assert.deepEqual(request.messages, [user('hi'), { role: 'system', content: [text('Four.')] }]);
  });

  it('makes the last of nothing but instructions what the model is asked', () => {
    const { request } = read({ instructions: 'Be brief.', input: [{ role: 'developer', content: 'Tell a joke.' }] });
    assert.deepEqual([request.system, request.messages], ['Be brief.', [user('Tell a joke.')]]);
  });

  it('makes one message of the items of an answer', () => {
    const messages = messagesOf(
      { role: 'user', content: 'hi' },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Looking.', annotations: [] },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
      functionCall('a', { arguments: '{ "x": 1 }' }),
      { type: 'custom_tool_call', call_id: 'b', name: 'g', input: 'free' },
      { type: 'custom_tool_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'two' }] },
      functionOutput('a', 'one'),
      { type: 'reasoning', summary: [] },
      functionCall('c'),
      functionOutput('c', null),
    );
    assert.deepEqual(messages, [
      user('hi'),
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.' },
          text('Looking.'),
          { type: 'refusal', text: 'No.' },
          { type: 'tool-call', call: { kind: 'function', id: 'a', name: 'f', arguments: '{ "x": 1 }' } },
          { type: 'tool-call', call: { kind: 'custom', id: 'b', name: 'g', arguments: 'free' } },
        ],
      },
      { role: 'tool', callId: 'b', content: [text('two')] },
      { role: 'tool', callId: 'a', content: [text('one')] },
      { role: 'assistant', content: [callPart('c')] },
      { role: 'tool', callId: 'c', content: [] },
    ]);
  });

  it('puts an output that comes late right behind its call', () => {
    const messages = messagesOf(
      functionCall('a'),
      functionCall('b'),
      functionOutput('b'),
      { role: 'user', content: 'Hurry.' },
      functionOutput('a'),
    );
    assert.deepEqual(
      messages.map((message) => ('callId' in message ? message.callId : message.role)),
      ['assistant', 'b', 'a', 'user'],
    );
  });

  it('lets a tool return an image, and knows where it stands', () => {
    const image = {
      type: 'input_image',
      image_url: `data:image/png;base64,${tinyImages['image/png']}`,
      detail: 'high',
    };
    const { request, places } = read({ input: [functionCall('a'), functionOutput('a', [image])] });
    const [part] = request.messages[1]?.content ?? [];
    assert.equal(part?.type, 'image');
    assert.equal(part && places.get(part), 'input[1].output[0]');
  });

  it('restores reasoning with its origin, and leaves out what another server has encrypted', () => {
    const part: ReasoningPart = { type: 'reasoning', text: 'H\ud800m.', origin: 'test', signature: 'signed' };
    const own = { type: 'reasoning', summary: [], encrypted_content: sealReasoningPart(part) };
    const foreign = { type: 'reasoning', summary: [{ text: 'Well.' }], encrypted_content: 'gAAAAABo' };
    const silent = { type: 'reasoning', summary: [], encrypted_content: 'gAAAAABo' };
    const answer = { role: 'assistant', content: 'Yes.' };
    const [message] = messagesOf(own, foreign, silent, answer);
    assert.deepEqual(message?.content, [part, { type: 'reasoning', text: 'Well.' }, text('Yes.')]);
  });

  it('reads settings that change in the middle, messages between agents, and records of hosted tools', () => {
    const { request, asked, ignored } = read({
      reasoning: { effort: 'low' },
      input: [
        { role: 'user', content: 'hi' },
        { type: 'configuration_update', reasoning: { effort: 'high' }, text: { format: { type: 'json_object' } } },
        { type: 'web_search_call', id: 'ws_1', status: 'completed' },
        { type: 'agent_message', author: '/root', content: [{ type: 'encrypted_content', encrypted_content: 'Go.' }] },
      ],
    });
    assert.deepEqual([request.effort, request.outputFormat], ['high', { kind: 'json-object' }]);
    assert.deepEqual(asked, { effort: 'input[1].reasoning.effort', outputFormat: 'input[1].text.format' });
    assert.deepEqual(ignored, ['web_search_call']);
    assert.deepEqual(request.messages.at(-1), { ...user('Go.'), name: '/root' });
  });
});

describe('a request to compact', () => {
  const tools = [{ type: 'function', name: 'f' }];
  const input = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'Hello.' },
  ];
  const settings = { text: { verbosity: 'low', format: { type: 'json_object' } }, tool_choice: 'required' };

  it('asks for a summary behind the same conversation, and for nothing else', () => {
    const bodies = [
      () => decodeCompact({ model: 'm', input, tools, ...settings, stream: true }, decodeContext),
      () => read({ input: [...input, { type: 'compaction_trigger' }], tools, ...settings }),
    ];
    for (const decoded of bodies) {
      const { request, asked, options, stream } = decoded();
      assert.deepEqual(request.messages.slice(0, 2), read({ input }).request.messages);
      assert.equal(request.messages[2]?.role, 'user');
      assert.equal(request.messages.length, 3);
      const { model, messages, tools: shown, ...rest } = request;
      assert.deepEqual([shown.length, rest, asked], [1, { toolChoice: { mode: 'none' } }, {}]);
      assert.deepEqual([options.compacts, stream], [true, false]);
    }
  });

  it('restores the summary where the conversation was', () => {
    const [first, second] = messagesOf(
      { type: 'compaction', encrypted_content: sealSummary('They said hi.') },
      { role: 'user', content: 'Go on.' },
    );
    const [part] = first?.content ?? [];
    assert.equal(first?.role, 'user');
    assert.match(part?.type === 'text' ? part.text : '', /summary of it:\n\nThey said hi\.$/);
    assert.deepEqual(second, user('Go on.'));
  });
});
