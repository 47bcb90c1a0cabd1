import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { tinyImages } from '../../../test/support/tiny-images.ts';
import { decode, decodeTokenCount } from './decode.ts';

const hello = { role: 'user', content: 'hi' };
const read = (body: object) => decode({ model: 'm', max_tokens: 10, ...body }, decodeContext);
const settle = (extra: object) => read({ messages: [hello], ...extra });
const tool = { name: 'f', input_schema: { type: 'object' } };

describe('decode', () => {
  it('asks for nothing that the caller does not', () => {
    assert.deepEqual(settle({}), {
      kind: 'generate',
      request: {
        model: 'm',
        messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
        tools: [],
        maxOutputTokens: 10,
      },
      choices: 1,
      stream: false,
      asked: { maxOutputTokens: 'max_tokens' },
      ignored: [],
      places: new Map(),
      options: { showsThinking: true },
    });
  });

  it('reads a request to count tokens, which sets no limit to an answer', () => {
    const body = { model: 'm', system: 'Be brief.', messages: [hello], tools: [tool] };
    const { kind, request, stream } = decodeTokenCount(body, decodeContext);
    assert.deepEqual([kind, stream, request.system, request.tools.length], ['count-tokens', false, 'Be brief.', 1]);
    assert.throws(() => decode(body, decodeContext), { kind: 'invalid-request', param: 'max_tokens' });
  });

  it('keeps no threads, and says so', () => {
    assert.equal(settle({ thread: { type: 'create' } }).kind, 'generate');
    const thread = { type: 'continue', previous_message_id: 'msg_1' };
    assert.throws(() => settle({ thread }), { kind: 'not-found', param: 'thread.previous_message_id' });
  });

  it('lets through what asks for nothing, and names what no model here can do', () => {
    const harmless = {
      metadata: { user_id: 'u' },
      service_tier: 'auto',
      betas: ['x'],
      cache_control: { type: 'ephemeral' },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      mcp_servers: [],
      container: null,
      unknown: { a: 1 },
    };
    assert.deepEqual(settle(harmless).ignored, []);
    const asking = {
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
      mcp_servers: [{ type: 'url', name: 's', url: 'https://s' }],
      fallbacks: 'default',
      tools: [{ type: 'mcp_toolset', mcp_server_name: 's' }],
    };
    assert.deepEqual(settle(asking).ignored, ['mcp_servers', 'context_management', 'fallbacks', 'mcp_toolset']);
  });

  it('reads how hard the model is to think', () => {
    const effort = (extra: object) => {
      const { request, asked } = settle(extra);
      return [request.effort, asked.effort];
    };
    const budget = (tokens: number) => effort({ thinking: { type: 'enabled', budget_tokens: tokens } })[0];
    assert.deepEqual([1_024, 4_096, 12_288, 31_999, 40_000, 100_000].map(budget), [
      'minimal',
      'low',
      'medium',
      'high',
      'xhigh',
      'max',
    ]);
    assert.deepEqual(effort({ thinking: { type: 'adaptive' } }), [undefined, undefined]);
    assert.deepEqual(effort({ thinking: { type: 'disabled' } }), ['none', 'thinking']);
    assert.deepEqual(effort({ output_config: { effort: 'max' } }), ['max', 'output_config.effort']);
    assert.deepEqual(
      effort({ output_config: { effort: 'low' }, thinking: { type: 'enabled', budget_tokens: 31_999 } }),
      ['low', 'output_config.effort'],
    );
    const both = settle({ output_config: { effort: 'low' }, thinking: { type: 'disabled' } });
    assert.deepEqual([both.request.effort, both.ignored], ['none', ['output_config.effort']]);
  });

  it('takes the effort of the last system message that has one', () => {
    const turns = [
      hello,
      { role: 'system', content: [], output_config: { effort: 'low' } },
      { role: 'assistant', content: 'Hi.' },
      hello,
      { role: 'system', content: [], output_config: { effort: 'high' } },
    ];
    const { request, asked } = read({ messages: turns, output_config: { effort: 'medium' } });
    assert.deepEqual([request.effort, asked.effort], ['high', 'messages.4.output_config.effort']);
    assert.deepEqual(
      request.messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
  });

  it('knows whether the caller wants to see the thinking', () => {
    assert.equal(settle({ thinking: { type: 'adaptive', display: 'omitted' } }).options.showsThinking, false);
    assert.equal(settle({ thinking: { type: 'adaptive', display: 'summarized' } }).options.showsThinking, true);
  });

  it('reads the form of the answer, also under its former name', () => {
    const schema = { type: 'object', properties: {} };
    const format = { type: 'json_schema', schema };
    const expected = { kind: 'json-schema', name: 'output', schema, strict: true };
    const now = settle({ output_config: { format } });
    assert.deepEqual([now.request.outputFormat, now.asked.outputFormat], [expected, 'output_config.format']);
    const before = settle({ output_format: format });
    assert.deepEqual([before.request.outputFormat, before.asked.outputFormat], [expected, 'output_format']);
  });

  it('tells the choice of a tool, and that calls come one at a time', () => {
    const choose = (choice: object, tools: object[] = [tool]) => {
      const { request, asked, ignored } = settle({ tools, tool_choice: choice });
      return [request.toolChoice, request.parallelToolCalls, Object.keys(asked).slice(1), ignored];
    };
    assert.deepEqual(choose({ type: 'auto' }), [undefined, undefined, [], []]);
    assert.deepEqual(choose({ type: 'auto' }, []), [undefined, undefined, [], []]);
    assert.deepEqual(choose({ type: 'none' }), [{ mode: 'none' }, undefined, ['toolChoice'], []]);
    assert.deepEqual(choose({ type: 'any', disable_parallel_tool_use: true }), [
      { mode: 'required' },
      false,
      ['toolChoice', 'parallelToolCalls'],
      [],
    ]);
    assert.deepEqual(choose({ type: 'tool', name: 'f' }), [{ mode: 'tool', name: 'f' }, undefined, ['toolChoice'], []]);
    const search = { type: 'web_search_20250305', name: 'web_search' };
    assert.deepEqual(choose({ type: 'tool', name: 'web_search' }, [search]), [
      undefined,
      undefined,
      ['webSearch'],
      ['tool_choice'],
    ]);
  });

  it('counts the images of a request wherever they stand, and remembers their places', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: tinyImages['image/png'] } };
    const messages = [
      { role: 'user', content: [image] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [image] }] },
    ];
    const limited = (count: number) => {
      const limits = { images: { ...decodeContext.limits.images, count } };
      return decode({ model: 'm', max_tokens: 1, messages }, { ...decodeContext, limits });
    };
    assert.deepEqual([...limited(2).places.values()], ['messages.0.content.0', 'messages.2.content.0.content.0']);
    assert.throws(() => limited(1), { kind: 'invalid-image', param: 'messages.2.content.0.content.0.source.data' });
  });
});
