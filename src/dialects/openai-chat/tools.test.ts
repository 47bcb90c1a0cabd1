import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestLimits } from '../../../test/support/request-limits.ts';
import { decode } from './decode.ts';

const messages = [{ role: 'user', content: 'hi' }];
const read = (extra: object) => decode({ model: 'm', messages, ...extra }, requestLimits);
const tool = (name: string, fields: object = {}) => ({ type: 'function', function: { name, ...fields } });
const tools = [tool('f'), tool('g'), { type: 'custom', custom: { name: 'c' } }];

describe('tools', () => {
  it('gives a function without parameters an empty schema', () => {
    const empty = { type: 'object', properties: {} };
    for (const parameters of [undefined, null, {}]) {
      assert.deepEqual(read({ tools: [tool('f', { parameters })] }).request.tools, [
        { kind: 'function', name: 'f', parameters: empty },
      ]);
    }
  });

  it('reads functions, custom tools with their grammar, and the older functions', () => {
    const parameters = { type: 'object', properties: { a: {} } };
    const grammar = { syntax: 'lark', definition: 'start: INT' };
    const { request } = read({
      tools: [
        tool('f', { description: 'F.', parameters, strict: true }),
        { type: 'custom', custom: { name: 'c', description: 'C.', format: { type: 'grammar', grammar } } },
      ],
      functions: [{ name: 'old', parameters }],
    });
    assert.deepEqual(request.tools, [
      { kind: 'function', name: 'f', description: 'F.', parameters, strict: true },
      { kind: 'custom', name: 'c', description: 'C.', grammar },
      { kind: 'function', name: 'old', parameters },
    ]);
  });

  it('refuses a schema that is too deep to be passed on', () => {
    const parameters = JSON.parse(`${'{"type":"object","a":'.repeat(5_000)}1${'}'.repeat(5_000)}`);
    assert.throws(() => read({ tools: [tool('f', { parameters })] }), { param: 'tools[0].function.parameters' });
  });
});

describe('tool choice', () => {
  it('reads every form', () => {
    const choices: [choice: unknown, expected: unknown][] = [
      ['auto', undefined],
      ['none', { mode: 'none' }],
      ['required', { mode: 'required' }],
      [tool('g'), { mode: 'tool', name: 'g' }],
      [
        { type: 'function', name: 'g' },
        { mode: 'tool', name: 'g' },
      ],
      [
        { type: 'custom', custom: { name: 'c' } },
        { mode: 'tool', name: 'c' },
      ],
    ];
    for (const [choice, expected] of choices) {
      assert.deepEqual(read({ tools, tool_choice: choice }).request.toolChoice, expected);
    }
  });

  it('hides the tools that are not allowed and keeps the mode', () => {
    const allowed = [{ type: 'custom', custom: { name: 'c' } }, tool('f')];
    const nested = { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: allowed } };
    const { request, asked } = read({ tools, tool_choice: nested });
    assert.deepEqual([request.tools.map(({ name }) => name), request.toolChoice], [['f', 'c'], { mode: 'required' }]);
    assert.deepEqual(asked, { toolChoice: 'tool_choice' });
    const flat = { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'g' }] };
    const other = read({ tools, tool_choice: flat });
    assert.deepEqual([other.request.tools.length, other.request.toolChoice, other.asked], [1, undefined, {}]);
  });

  it('reads the older function_call', () => {
    const functions = [{ name: 'f' }];
    const named = read({ functions, function_call: { name: 'f' } });
    assert.deepEqual(
      [named.request.toolChoice, named.asked],
      [{ mode: 'tool', name: 'f' }, { toolChoice: 'function_call' }],
    );
    assert.equal(read({ functions, function_call: 'auto' }).request.toolChoice, undefined);
    assert.deepEqual(read({ functions, function_call: 'none' }).request.toolChoice, { mode: 'none' });
    assert.throws(() => read({ functions, function_call: { name: 'g' } }), { param: 'function_call.name' });
  });

  it('has nothing to choose where there are no tools', () => {
    for (const choice of ['auto', 'none']) assert.equal(read({ tool_choice: choice }).request.toolChoice, undefined);
  });
});
