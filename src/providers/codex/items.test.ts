import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message, ToolMessage } from '../../core/message.ts';
import { ToolNames } from '../tool-names.ts';
import { toItems, toToolAnswer } from './items.ts';

const names = new ToolNames([{ kind: 'function', name: 'look at', parameters: {} }], { reserved: ['exec_command'] });
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const call = (id: string, name: string, text = '{}'): Message => ({
  role: 'assistant',
  content: [{ type: 'tool-call', call: { kind: 'function', id, name, arguments: text } }],
});
const result = (callId: string, text: string): ToolMessage => ({
  role: 'tool',
  callId,
  content: [{ type: 'text', text }],
});
const png = { type: 'image' as const, source: { kind: 'base64' as const, mediaType: 'image/png', data: 'AAAA' } };
const nativePng = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };

describe('toItems', () => {
  it('keeps roles and order; a later system message stays in its place', () => {
    const system: Message = { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] };
    const items = toItems([user('One'), system, user('Two')], names);
    assert.deepEqual(
      items.map((item) => (item.type === 'message' ? [item.role, item.content] : item)),
      [
        ['user', [{ type: 'input_text', text: 'One' }]],
        ['developer', [{ type: 'input_text', text: 'Be brief.' }]],
        ['user', [{ type: 'input_text', text: 'Two' }]],
      ],
    );
  });

  it('names tools as the model knows them, also those of older calls', () => {
    const messages = [call('c1', 'look at'), result('c1', 'seen'), call('c2', 'exec_command', ''), result('c2', 'run')];
    const [first, , second] = toItems([...messages, user('So?')], names);
    assert.deepEqual(first, { type: 'function_call', call_id: 'c1', name: names.native('look at'), arguments: '{}' });
    assert.ok(second?.type === 'function_call' && second.name !== 'exec_command' && second.arguments === '{}');
  });

  it('pairs results with calls whose ids the model API would not take, or that are used twice', () => {
    const id = 'functions.look:0';
    const messages = [call(id, 'x'), result(id, 'a'), call(id, 'x'), result(id, 'b'), user('So?')];
    const ids = toItems(messages, names).flatMap((item) => ('call_id' in item ? [item.call_id] : []));
    assert.equal(ids[0], ids[1]);
    assert.equal(ids[2], ids[3]);
    assert.notEqual(ids[0], ids[2]);
    for (const native of ids) assert.match(native, /^[\w-]{1,64}$/);
  });

  it('gives a result as plain text where it is one, else as its parts', () => {
    const messages = [
      call('c', 'x'),
      { ...result('c', 'sun'), content: [{ type: 'text' as const, text: 'sun' }, png] },
    ];
    const items = toItems([...messages, call('d', 'x'), result('d', 'rain'), user('So?')], names);
    const outputs = items.flatMap((item) => (item.type === 'function_call_output' ? [item.output] : []));
    assert.deepEqual(outputs, [[{ type: 'input_text', text: 'sun' }, nativePng], 'rain']);
  });

  it('shows images where they stand, and refuses what was not downloaded', () => {
    const [item] = toItems([{ role: 'user', content: [png, { type: 'text', text: 'What is it?' }] }], names);
    assert.ok(item?.type === 'message');
    assert.deepEqual(item.content, [nativePng, { type: 'input_text', text: 'What is it?' }]);
    const remote = { type: 'image' as const, source: { kind: 'url' as const, url: 'https://example.com/a.png' } };
    assert.throws(() => toItems([{ role: 'user', content: [remote] }], names), { kind: 'invalid-image' });
  });

  it('gives back reasoning that came from here, and no other', () => {
    const content = [
      { type: 'reasoning' as const, text: 'Hm.', encrypted: 'sealed', origin: 'openai' },
      { type: 'reasoning' as const, text: 'No.', signature: 'signed', origin: 'anthropic' },
      { type: 'reasoning' as const, text: 'No.', origin: 'openai' },
      { type: 'text' as const, text: 'Yes.' },
    ];
    const items = toItems([user('Well?'), { role: 'assistant', content }, user('And?')], names);
    assert.deepEqual(items[1], {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Hm.' }],
      encrypted_content: 'sealed',
    });
    assert.equal(items.length, 4);
  });

  it('never leaves an item empty', () => {
    const empty: Message[] = [{ role: 'user', content: [] }, { role: 'assistant', content: [] }, user('So?')];
    const items = toItems(empty, names);
    assert.deepEqual(items[0], { type: 'message', role: 'user', content: [{ type: 'input_text', text: '' }] });
    assert.equal(items.length, 2);
  });

  it('asks the model to go on where it has the last word', () => {
    const items = toItems([user('Tell.'), { role: 'assistant', content: [{ type: 'text', text: 'Once' }] }], names);
    const last = items.at(-1);
    assert.ok(last?.type === 'message' && last.role === 'user');
  });
});

describe('toToolAnswer', () => {
  it('says in words that a tool has failed', () => {
    const answer = toToolAnswer({ ...result('c', 'no such place'), isError: true });
    assert.deepEqual(answer.contentItems, [{ type: 'inputText', text: '<error>\nno such place\n</error>' }]);
    assert.equal(answer.success, false);
  });

  it('keeps text and images', () => {
    const answer = toToolAnswer({ ...result('c', ''), content: [{ type: 'text', text: 'sun' }, png] });
    assert.deepEqual(answer, {
      contentItems: [
        { type: 'inputText', text: 'sun' },
        { type: 'inputImage', imageUrl: nativePng.image_url },
      ],
      success: true,
    });
  });
});
