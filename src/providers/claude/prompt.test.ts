import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AssistantPart, Message, UserPart } from '../../core/message.ts';
import { ToolNames } from '../tool-names.ts';
import { toNativeMessages } from './prompt.ts';

const names = new ToolNames([{ kind: 'function', name: 'get weather', parameters: {} }]);
const user = (...parts: (string | UserPart)[]): Message => ({
  role: 'user',
  content: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
const assistant = (...parts: (string | AssistantPart)[]): Message => ({
  role: 'assistant',
  content: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
const call = (id: string, name: string, args: string): AssistantPart => ({
  type: 'tool-call',
  call: { kind: 'function', id, name, arguments: args },
});
const result = (callId: string, text: string): Message => ({
  role: 'tool',
  callId,
  content: text === '' ? [] : [{ type: 'text', text }],
});
const text = (value: string) => ({ type: 'text' as const, text: value });

describe('toNativeMessages', () => {
  it('keeps roles, order and words', () => {
    assert.deepEqual(toNativeMessages([user('One', 'two'), assistant('Three'), user('Four')], names), [
      { role: 'user', content: [text('One'), text('two')] },
      { role: 'assistant', content: [text('Three')] },
      { role: 'user', content: [text('Four')] },
    ]);
  });

  it('makes user and assistant take turns, the user first and last', () => {
    const native = toNativeMessages([assistant('Hello'), assistant('again'), assistant('')], names);
    assert.deepEqual(
      native.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
    assert.deepEqual(native[1]?.content, [text('Hello'), text('again')]);
    assert.ok(native.every(({ content }) => content.length > 0));
    const merged = toNativeMessages([user('a'), assistant(''), user('b'), user('c')], names);
    assert.deepEqual(merged, [{ role: 'user', content: [text('a'), text('b'), text('c')] }]);
  });

  it('sends no message and no text without content', () => {
    for (const messages of [[], [user('')], [user()]]) {
      const native = toNativeMessages(messages, names);
      assert.equal(native.length, 1);
      assert.equal(native[0]?.role, 'user');
      assert.ok(native[0]?.content.every((block) => block.type === 'text' && block.text !== ''));
      assert.equal(native[0]?.content.length, 1);
    }
  });

  it('tells calls under the names that the model knows, and their results before anything else', () => {
    const native = toNativeMessages(
      [
        user('Weather?'),
        assistant('Let me look.', call('c1', 'get weather', '{"city":"Rome"}'), call('c2', 'gone', '')),
        result('c1', 'sunny'),
        user('And hurry'),
        result('c2', ''),
      ],
      names,
    );
    assert.equal(native.length, 3);
    assert.deepEqual(native[1]?.content, [
      text('Let me look.'),
      { type: 'tool_use', id: 'c1', name: names.native('get weather'), input: { city: 'Rome' } },
      { type: 'tool_use', id: 'c2', name: 'gone', input: {} },
    ]);
    assert.deepEqual(native[2]?.content, [
      { type: 'tool_result', tool_use_id: 'c1', content: [text('sunny')] },
      { type: 'tool_result', tool_use_id: 'c2', content: [] },
      text('And hurry'),
    ]);
  });

  it('marks a failed result', () => {
    const failed: Message = { role: 'tool', callId: 'c1', content: [{ type: 'text', text: 'no' }], isError: true };
    const [message] = toNativeMessages([failed], names);
    assert.deepEqual(message?.content, [
      { type: 'tool_result', tool_use_id: 'c1', content: [text('no')], is_error: true },
    ]);
  });

  it('hands images and documents on as they are', () => {
    const image: UserPart = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } };
    const file: UserPart = { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' };
    const [message] = toNativeMessages([user('Look', image, file)], names);
    assert.deepEqual(message?.content, [
      text('Look'),
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' }, title: 'a.pdf' },
    ]);
  });

  it('refuses what it cannot hand on instead of dropping it', () => {
    const url: UserPart = { type: 'image', source: { kind: 'url', url: 'https://a.example/x.png' } };
    assert.throws(() => toNativeMessages([user(url)], names), { kind: 'invalid-image' });
    const audio: UserPart = { type: 'audio', format: 'wav', data: 'AAAA' };
    assert.throws(() => toNativeMessages([user(audio)], names), { kind: 'invalid-request' });
  });

  it('gives back reasoning that this API has signed, and no other', () => {
    const parts: AssistantPart[] = [
      { type: 'reasoning', text: 'signed', signature: 's', origin: 'anthropic' },
      { type: 'reasoning', text: '', encrypted: 'e', origin: 'anthropic' },
      { type: 'reasoning', text: 'unsigned', origin: 'anthropic' },
      { type: 'reasoning', text: 'foreign', signature: 's', origin: 'elsewhere' },
      { type: 'reasoning', text: 'of nobody', signature: 's' },
      { type: 'refusal', text: 'I will not.' },
    ];
    assert.deepEqual(toNativeMessages([user('a'), assistant(...parts), user('b')], names)[1]?.content, [
      { type: 'thinking', thinking: 'signed', signature: 's' },
      { type: 'redacted_thinking', data: 'e' },
      text('I will not.'),
    ]);
  });

  it('tells a late system message as marked words of the user, in its place', () => {
    const native = toNativeMessages([user('a'), { role: 'system', content: [text('Be kind.')] }], names);
    assert.equal(native.length, 1);
    const marked = native[0]?.content[1];
    assert.match(marked?.type === 'text' ? marked.text : '', /^<system>\s*Be kind\.\s*<\/system>$/);
  });
});
