import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { decode } from './decode.ts';

const hello = { role: 'user', content: 'hi' };
const read = (extra: object) => decode({ model: 'm', max_tokens: 10, messages: [hello], ...extra }, decodeContext);
const tool = (name: string, extra: object = {}) => ({ name, input_schema: { type: 'object' }, ...extra });
const namesOf = (extra: object) => read(extra).request.tools.map(({ name }) => name);
const reference = (name: string) => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_reference', tool_name: name }] }],
});
const search = { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'find', input: {} }] };
const change = (type: string, value: object) => ({ role: 'system', content: [{ type, tool: value }] });

describe('tools', () => {
  it('keep their names, descriptions and schemas', () => {
    const schema = { $schema: 'x', type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: {} } };
    const { tools } = read({
      tools: [
        tool('f', { description: 'Does it.', input_schema: schema, strict: true }),
        tool('g', { input_schema: {} }),
      ],
    }).request;
    assert.deepEqual(tools, [
      { kind: 'function', name: 'f', description: 'Does it.', parameters: schema, strict: true },
      { kind: 'function', name: 'g', parameters: { type: 'object', properties: {} } },
    ]);
  });

  it('stay hidden while they are deferred and nothing has named them', () => {
    const tools = [tool('find'), tool('late', { defer_loading: true }), tool('never', { defer_loading: true })];
    assert.deepEqual(namesOf({ tools }), ['find']);
    assert.deepEqual(namesOf({ tools, messages: [hello, search, reference('late')] }), ['find', 'late']);
    assert.deepEqual(namesOf({ tools, tool_choice: { type: 'tool', name: 'never' } }), ['find', 'never']);
    const server = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' };
    const searched = read({ tools: [...tools, server] });
    assert.equal(searched.request.tools.length, 3);
    assert.deepEqual(searched.ignored, ['tool_search_tool_bm25_20251119']);
  });

  it('come and go in the middle of a conversation', () => {
    const tools = [tool('a'), tool('b', { defer_loading: true })];
    const added = change('tool_addition', { type: 'tool_reference', name: 'b' });
    const removed = change('tool_removal', { type: 'tool_reference', name: 'a' });
    const defined = change('tool_addition', { type: 'tool_definition', definition: tool('c') });
    const again = change('tool_addition', { type: 'tool_reference', name: 'a' });
    assert.deepEqual(namesOf({ tools, messages: [hello, added, removed, defined] }), ['b', 'c']);
    assert.deepEqual(namesOf({ tools, messages: [hello, removed, again] }), ['a']);
  });

  it('of the web ask for web search, and say what they cannot be held to', () => {
    const { request, asked, ignored } = read({
      tools: [tool('f'), { type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 3, blocked_domains: null }],
    });
    assert.deepEqual([request.webSearch, asked.webSearch], [true, 'web_fetch_20250910']);
    assert.deepEqual(
      request.tools.map(({ name }) => name),
      ['f'],
    );
    assert.deepEqual(ignored, ['tools.1.max_uses']);
  });
});
