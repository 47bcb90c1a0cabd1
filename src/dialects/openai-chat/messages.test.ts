import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestLimits } from '../../../test/support/request-limits.ts';
import type { GenerateRequest } from '../../core/request.ts';
import { decode } from './decode.ts';

const read = (...messages: unknown[]): GenerateRequest => decode({ model: 'm', messages }, requestLimits).request;
const hello = { role: 'user', content: 'hi' };
const text = (value: string) => ({ type: 'text', text: value });
const user = (value: string) => ({ role: 'user', content: [text(value)] });

describe('messages', () => {
  it('joins the leading system and developer messages and leaves later ones where they are', () => {
    const request = read(
      { role: 'system', content: 'One.' },
      { role: 'system', content: '' },
      { role: 'developer', content: [text('Two.'), text('Three.')] },
      hello,
      { role: 'developer', content: 'Four.' },
    );
    assert.equal(request.system, 'One.\n\nTwo.\n\nThree.');
    assert.deepEqual(request.messages, [user('hi'), { role: 'system', content: [text('Four.')] }]);
  });

  it('makes the last of nothing but system messages what the model is asked', () => {
    assert.deepEqual(read({ role: 'system', content: 'Tell a joke.' }), {
      model: 'm',
      messages: [user('Tell a joke.')],
      tools: [],
    });
    const two = read({ role: 'system', content: 'Be brief.' }, { role: 'developer', content: 'Tell a joke.' });
    assert.deepEqual([two.system, two.messages], ['Be brief.', [user('Tell a joke.')]]);
  });

  it('takes content in every form, drops empty texts, and keeps an empty user turn', () => {
    const contents = ['', null, undefined, [], [text('')]];
    for (const content of contents) {
      assert.deepEqual(read({ role: 'user', content }).messages, [user('')]);
      assert.deepEqual(read(hello, { role: 'assistant', content }).messages, [user('hi')]);
    }
    const parts = [{ ...text('a'), cache_control: { type: 'ephemeral' } }, text(''), text('b')];
    assert.deepEqual(read({ role: 'user', name: 'ann', content: parts }).messages, [
      { role: 'user', name: 'ann', content: [text('a'), text('b')] },
    ]);
  });

  it('reads an earlier answer with its reasoning, refusal and calls', () => {
    const { messages } = read(
      hello,
      {
        role: 'assistant',
        reasoning_content: 'Hm.',
        content: 'Well.',
        refusal: 'No.',
        function_call: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: ' ' } },
          { id: 'b', function: { name: 'f', arguments: '{ "x": 1 }' } },
          { id: 'c', type: 'custom', custom: { name: 'g', input: 'not json' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: null },
      { role: 'tool', tool_call_id: 'c', content: [text('c')] },
      { role: 'tool', tool_call_id: 'b', content: 'b' },
    );
    assert.deepEqual(messages.slice(1), [
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.' },
          text('Well.'),
          { type: 'refusal', text: 'No.' },
          { type: 'tool-call', call: { kind: 'function', id: 'a', name: 'f', arguments: '{}' } },
          { type: 'tool-call', call: { kind: 'function', id: 'b', name: 'f', arguments: '{ "x": 1 }' } },
          { type: 'tool-call', call: { kind: 'custom', id: 'c', name: 'g', arguments: 'not json' } },
        ],
      },
      { role: 'tool', callId: 'a', content: [] },
      { role: 'tool', callId: 'c', content: [text('c')] },
      { role: 'tool', callId: 'b', content: [text('b')] },
    ]);
  });

  it('ties function results to their calls by ids that stay the same', () => {
    const conversation = [
      hello,
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
      { role: 'function', name: 'f', content: 'one' },
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'two' },
    ];
    const ids = read(...conversation).messages.map((message) => ('callId' in message ? message.callId : undefined));
    assert.equal(new Set(ids.filter(Boolean)).size, 2);
    const { messages } = read(...conversation.slice(0, 3));
    assert.deepEqual(messages, read(...conversation).messages.slice(0, 3));
  });
});
