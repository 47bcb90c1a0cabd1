import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FunctionTool } from '../core/tool.ts';
import { ToolNames } from './tool-names.ts';

const tool = (name: string): FunctionTool => ({ kind: 'function', name, parameters: { type: 'object' } });
const accepted = /^[A-Za-z0-9_-]{1,64}$/;

describe('ToolNames', () => {
  it('leaves an acceptable name alone', () => {
    const names = new ToolNames([tool('get_weather-2')]);
    assert.deepEqual(names.tools, [tool('get_weather-2')]);
    assert.equal(names.native('get_weather-2'), 'get_weather-2');
    assert.equal(names.caller('get_weather-2'), 'get_weather-2');
  });

  it('makes any other name acceptable, tells similar ones apart, and finds the way back', () => {
    const given = ['a.b', 'a b', 'a/b', 'größe', '天気', `${'x'.repeat(80)}1`, `${'x'.repeat(80)}2`, ''];
    const names = new ToolNames(given.map(tool));
    const native = names.tools.map(({ name }) => name);
    assert.equal(new Set(native).size, given.length);
    for (const [index, name] of native.entries()) {
      assert.match(name, accepted);
      assert.equal(names.caller(name), given[index]);
      assert.equal(names.native(given[index] as string), name);
    }
  });

  it('gives way to a name that the CLI keeps for itself, in a tool and in an older call', () => {
    const names = new ToolNames([tool('shell')], { reserved: ['shell', 'exec'] });
    const [{ name = '' } = {}] = names.tools;
    assert.notEqual(name, 'shell');
    assert.match(name, accepted);
    assert.equal(names.caller(name), 'shell');
    assert.equal(names.caller('shell'), undefined);
    assert.notEqual(names.native('exec'), 'exec');
  });

  it('gives a name the same alias in every conversation', () => {
    assert.equal(new ToolNames([tool('a.b')]).native('a.b'), new ToolNames([]).native('a.b'));
  });

  it("makes an older call's name acceptable, and knows names that the model made up", () => {
    const names = new ToolNames([tool('known')]);
    assert.equal(names.native('gone'), 'gone');
    assert.match(names.native('gone away'), accepted);
    assert.equal(names.caller('gone'), undefined);
    assert.equal(names.caller('made_up'), undefined);
  });
});
