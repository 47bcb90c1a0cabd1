import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { decode } from './decode.ts';

const read = (extra: object) => decode({ model: 'm', input: 'hi', ...extra }, decodeContext);
const empty = { type: 'object', properties: {} };
const plain = (name: string) => ({ type: 'function', name });
const group = (name: string, ...tools: unknown[]) => ({ type: 'namespace', name, description: 'All of it.', tools });
const tools = [plain('f'), plain('g'), { type: 'custom', name: 'c' }, { type: 'web_search' }];

describe('tools', () => {
  it('reads functions, and custom tools with their grammar', () => {
    const parameters = { type: 'object', properties: { a: {} } };
    const grammar = { syntax: 'lark', definition: 'start: INT' };
    const { request } = read({
      tools: [
        { type: 'function', name: 'f', description: 'F.', parameters, strict: true },
        { type: 'function', function: { name: 'nested', parameters: null } },
        { type: 'custom', name: 'c', description: 'C.', format: { type: 'grammar', ...grammar } },
      ],
    });
    assert.deepEqual(request.tools, [
      { kind: 'function', name: 'f', description: 'F.', parameters, strict: true },
      { kind: 'function', name: 'nested', parameters: empty },
      { kind: 'custom', name: 'c', description: 'C.', grammar },
    ]);
  });

  it('gives the tools of a group flat names, and knows the way back', () => {
    const { request, options } = read({
      tools: [
        plain('clock__now'),
        group('clock', plain('now'), { type: 'custom', name: 'draw' }),
        group('mcp__', plain('x')),
      ],
      input: [
        { type: 'function_call', call_id: 'a', namespace: 'clock', name: 'now', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: '' },
        { type: 'custom_tool_call', call_id: 'b', namespace: 'gone', name: 'draw', input: '' },
        { type: 'custom_tool_call_output', call_id: 'b', output: '' },
      ],
      tool_choice: { type: 'function', namespace: 'clock', name: 'now' },
    });
    const names = request.tools.map(({ name }) => name);
    assert.deepEqual(names, ['clock__now', 'clock__now_2', 'clock__draw', 'mcp__x']);
    assert.deepEqual(
      names.map((name) => options.names.wire(name)),
      [
        { name: 'clock__now' },
        { name: 'now', namespace: 'clock' },
        { name: 'draw', namespace: 'clock' },
        { name: 'x', namespace: 'mcp__' },
      ],
    );
    const called = request.messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'tool-call' ? part.call.name : [])),
    );
    assert.deepEqual(called, ['clock__now_2', 'gone__draw']);
    assert.deepEqual(request.toolChoice, { mode: 'tool', name: 'clock__now_2' });
    assert.equal(request.tools[1]?.description, 'About the tools of clock: All of it.');
    assert.equal(request.tools[2]?.description, undefined);
  });

  it('takes the tools that items of the input make known, each once', () => {
    const search = { type: 'tool_search', execution: 'client', description: 'Finds.', parameters: empty };
    const found = (id: string) => [
      { type: 'tool_search_call', call_id: id, execution: 'client', arguments: { query: 'x' } },
      {
        type: 'tool_search_output',
        call_id: id,
        execution: 'client',
        tools: [group('clock', plain('now')), plain('f')],
      },
    ];
    const { request, ignored } = read({
      tools: [plain('f'), search, { type: 'tool_search' }],
      input: [
        { type: 'additional_tools', role: 'developer', tools: [plain('late')] },
        ...found('a'),
        ...found('b'),
        { type: 'tool_search_call', call_id: null, execution: 'server', arguments: {} },
        { type: 'tool_search_output', call_id: null, execution: 'server', tools: [plain('hosted')] },
      ],
    });
    assert.deepEqual(
      request.tools.map(({ name }) => name),
      ['f', 'tool_search', 'late', 'clock__now', 'hosted'],
    );
    assert.deepEqual(ignored, ['tool_search']);
    assert.deepEqual(request.messages.slice(0, 2), [
      {
        role: 'assistant',
        content: [
          {
            type: 'tool-call',
            call: { kind: 'function', id: 'a', name: 'tool_search', arguments: '{"query":"x"}' },
          },
        ],
      },
      { role: 'tool', callId: 'a', content: [{ type: 'text', text: 'These tools can be used now: clock__now, f' }] },
    ]);
  });
});

describe('tool choice', () => {
  it('reads every form', () => {
    const choices: [choice: unknown, expected: unknown][] = [
      ['auto', undefined],
      ['none', { mode: 'none' }],
      ['required', { mode: 'required' }],
      [plain('g'), { mode: 'tool', name: 'g' }],
      [
        { type: 'custom', name: 'c' },
        { mode: 'tool', name: 'c' },
      ],
    ];
    for (const [choice, expected] of choices) {
      assert.deepEqual(read({ tools, tool_choice: choice }).request.toolChoice, expected);
    }
  });

  it('hides the tools that are not allowed', () => {
    const allow = (mode: string, ...allowed: unknown[]) =>
      read({ tools, tool_choice: { type: 'allowed_tools', mode, tools: allowed } });
    const one = allow('required', plain('f'));
    assert.deepEqual(
      [one.request.tools.map(({ name }) => name), one.request.toolChoice, one.request.webSearch],
      [['f'], { mode: 'required' }, undefined],
    );
    const search = allow(
      'auto',
      { type: 'custom', name: 'c' },
      { type: 'web_search' },
      { type: 'mcp', server_label: 'x' },
    );
    assert.deepEqual([search.request.tools.length, search.request.webSearch, search.ignored], [1, true, ['mcp']]);
  });

  it('leaves it to the model whether to search the web', () => {
    for (const [list, choice] of [
      [tools, { type: 'web_search' }],
      [[{ type: 'web_search' }], 'required'],
    ]) {
      const { request, ignored } = read({ tools: list, tool_choice: choice });
      assert.deepEqual([request.webSearch, request.toolChoice, ignored], [true, undefined, ['tool_choice']]);
    }
    assert.equal(read({ tools, tool_choice: 'none' }).request.webSearch, undefined);
  });
});
