import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { finish, request, scriptedGenerate } from '../../test/support/scripted-generate.ts';
import type { StreamEvent } from '../core/event.ts';
import type { Tool } from '../core/tool.ts';
import { customTools } from './custom-tools.ts';

const start: StreamEvent = { type: 'start', model: 'm' };
const patch: Tool = {
  kind: 'custom',
  name: 'apply_patch',
  description: 'Applies a patch.',
  grammar: { syntax: 'lark', definition: 'start: "x"' },
};
const weather: Tool = { kind: 'function', name: 'get_weather', parameters: { type: 'object' } };

/** A call as a provider tells it: its arguments in pieces. */
function call(index: number, name: string, ...pieces: string[]): StreamEvent[] {
  return [
    { type: 'tool-call-start', index, kind: 'function', id: `c${index}`, name },
    ...pieces.map((piece): StreamEvent => ({ type: 'tool-call-delta', index, arguments: piece })),
    {
      type: 'tool-call-end',
      index,
      call: { kind: 'function', id: `c${index}`, name, arguments: pieces.join('') || '{}' },
    },
  ];
}

/** A call as a custom tool's caller gets it. */
function custom(index: number, text: string): StreamEvent[] {
  const { name } = patch;
  return [
    { type: 'tool-call-start', index, kind: 'custom', id: `c${index}`, name },
    ...(text === '' ? [] : [{ type: 'tool-call-delta', index, arguments: text } satisfies StreamEvent]),
    { type: 'tool-call-end', index, call: { kind: 'custom', id: `c${index}`, name, arguments: text } },
  ];
}

describe('customTools', () => {
  it('lets a request without custom tools through as it is', async () => {
    const next = scriptedGenerate([start, ...call(0, 'get_weather', '{}'), finish('tool-calls')]);
    const plain = request({ tools: [weather] });
    const events = await Array.fromAsync(customTools(next)(plain));
    assert.deepEqual(events, [start, ...call(0, 'get_weather', '{}'), finish('tool-calls')]);
    assert.equal(next.asked[0], plain);
  });

  it('offers a custom tool as a function of one text, its grammar in words', async () => {
    const next = scriptedGenerate([finish()]);
    await Array.fromAsync(customTools(next)(request({ tools: [weather, patch] })));
    const [first, second] = next.asked[0]?.tools ?? [];
    assert.deepEqual(first, weather);
    assert.ok(second?.kind === 'function');
    assert.equal(second.name, 'apply_patch');
    assert.match(second.description ?? '', /^Applies a patch\.\n\n.*lark.*start: "x"/s);
    assert.deepEqual(second.parameters.required, ['input']);
    assert.equal((second.parameters.properties as Record<string, { type: string }>).input?.type, 'string');
  });

  it('turns its calls back, in their order among the calls of functions', async () => {
    const next = scriptedGenerate([
      start,
      { type: 'text-delta', text: 'Now' },
      ...call(0, 'apply_patch', '{"inp', 'ut":"*** Begin\\n', '+\\"a\\""}'),
      ...call(1, 'get_weather', '{"city"', ':"Rome"}'),
      ...call(2, 'apply_patch', '{"input":""}'),
      finish('tool-calls'),
    ]);
    assert.deepEqual(await Array.fromAsync(customTools(next)(request({ tools: [weather, patch] }))), [
      start,
      { type: 'text-delta', text: 'Now' },
      ...custom(0, '*** Begin\n+"a"'),
      ...call(1, 'get_weather', '{"city"', ':"Rome"}'),
      ...custom(2, ''),
      finish('tool-calls'),
    ]);
  });

  it('loses nothing of arguments that are not one text', async () => {
    for (const given of ['{"text":"x"}', '{"input":1}', 'null', '["x"]', '1']) {
      const next = scriptedGenerate([...call(0, 'apply_patch', given), finish('tool-calls')]);
      const events: StreamEvent[] = await Array.fromAsync(customTools(next)(request({ tools: [patch] })));
      assert.deepEqual(events, [...custom(0, given), finish('tool-calls')], given);
    }
  });

  it('tells earlier custom calls as calls of the function, also when the tool is no longer offered', async () => {
    const earlier = { kind: 'custom' as const, id: 'c0', name: 'apply_patch', arguments: 'a "b"\n' };
    for (const tools of [[patch], []]) {
      const next = scriptedGenerate([finish()]);
      const messages = [
        ...request().messages,
        { role: 'assistant' as const, content: [{ type: 'tool-call' as const, call: earlier }] },
        { role: 'tool' as const, callId: 'c0', content: [] },
      ];
      await Array.fromAsync(customTools(next)(request({ tools, messages })));
      const [part] = next.asked[0]?.messages[1]?.content ?? [];
      assert.ok(part?.type === 'tool-call');
      assert.equal(part.call.kind, 'function');
      assert.deepEqual(JSON.parse(part.call.arguments), { input: 'a "b"\n' });
      assert.equal(earlier.kind, 'custom');
    }
  });
});
