import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../../core/message.ts';
import { ToolNames } from '../tool-names.ts';
import { toContents } from './contents.ts';

const names = new ToolNames([{ kind: 'function', name: 'get weather', parameters: {} }]);
const picture = { type: 'image' as const, source: { kind: 'base64' as const, mediaType: 'image/png', data: 'AAAA' } };

function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function assistant(text: string): Message {
  return { role: 'assistant', content: [{ type: 'text', text }] };
}

const called: Message = {
  role: 'assistant',
  content: [
    { type: 'tool-call', call: { kind: 'function', id: 'c1', name: 'get weather', arguments: '{"at":"Paris"}' } },
  ],
};

function convert(messages: Message[], model = 'gemini-3.8-flash') {
  return toContents(messages, names, model);
}

describe('toContents', () => {
  it('joins neighbours of one role, and begins and ends with the user', () => {
    assert.deepEqual(convert([assistant('Hi.'), user('One.'), user('Two.'), assistant('Three')]), [
      { role: 'user', parts: [{ text: '(no content)' }] },
      { role: 'model', parts: [{ text: 'Hi.' }] },
      { role: 'user', parts: [{ text: 'One.' }, { text: 'Two.' }] },
      { role: 'model', parts: [{ text: 'Three' }] },
      { role: 'user', parts: [{ text: 'Go on exactly where your last message stops.' }] },
    ]);
  });

  it('puts what has no other place at the beginning', () => {
    assert.deepEqual(toContents([user('Hi')], names, 'gemini-2.5-pro', [{ text: 'Be brief.' }]), [
      { role: 'user', parts: [{ text: 'Be brief.' }, { text: 'Hi' }] },
    ]);
  });

  it('tells calls and results under the names that the model knows', () => {
    const name = `mcp_t_${names.native('get weather')}`;
    const result: Message = { role: 'tool', callId: 'c1', content: [{ type: 'text', text: 'sunny' }] };
    const failed: Message = { ...result, isError: true };
    const parts = convert([user('Q'), called, result, assistant('A'), called, failed]).map(({ parts }) => parts);
    assert.deepEqual(parts[1], [{ functionCall: { id: 'c1', name, args: { at: 'Paris' } } }]);
    assert.deepEqual(parts[2], [{ functionResponse: { id: 'c1', name, response: { output: 'sunny' } } }]);
    assert.deepEqual(parts[4], [{ functionResponse: { id: 'c1-2', name, response: { error: 'sunny' } } }]);
  });

  it('puts the pictures of a result where the model looks for them', () => {
    const result: Message = { role: 'tool', callId: 'c1', content: [{ type: 'text', text: 'seen' }, picture] };
    const inlineData = { mimeType: 'image/png', data: 'AAAA' };
    const [, , nested] = convert([user('Q'), called, result]);
    assert.deepEqual(nested?.parts.length, 1);
    assert.ok(JSON.stringify(nested).includes(JSON.stringify({ parts: [{ inlineData }] }).slice(1, -1)));
    const [, , beside] = convert([user('Q'), called, result], 'gemini-2.5-pro');
    assert.deepEqual(beside?.parts[1], { inlineData });
  });

  it('tells files, sound and later system messages', () => {
    const content = [
      { type: 'file' as const, mediaType: 'application/pdf', data: 'BBBB' },
      { type: 'audio' as const, format: 'wav', data: 'CCCC' },
      { type: 'text' as const, text: '' },
    ];
    const system: Message = { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] };
    assert.deepEqual(convert([{ role: 'user', content }, system])[0]?.parts, [
      { inlineData: { mimeType: 'application/pdf', data: 'BBBB' } },
      { inlineData: { mimeType: 'audio/wav', data: 'CCCC' } },
      { text: '<system>\nBe brief.\n</system>' },
    ]);
  });
});
