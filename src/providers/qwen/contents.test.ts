import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../../core/message.ts';
import { ToolNames } from '../tool-names.ts';
import { resultText, toContents } from './contents.ts';

const text = (role: 'user' | 'assistant', said: string): Message => ({ role, content: [{ type: 'text', text: said }] });
const call = (id: string, name = 'look'): Message => ({
  role: 'assistant',
  content: [{ type: 'tool-call', call: { kind: 'function', id, name, arguments: '{"at":"Paris"}' } }],
});
const picture = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } } as const;

describe('toContents', () => {
  const contents = (...messages: Message[]) => toContents(messages, new ToolNames([]));

  it('keeps calls and results under the name that the model knows', () => {
    const result: Message = { role: 'tool', callId: 'c1', content: [{ type: 'text', text: 'sunny' }, picture] };
    assert.deepEqual(contents(text('user', 'Where?'), call('c1'), result), [
      { kind: 'user', parts: [{ text: 'Where?' }] },
      { kind: 'assistant', parts: [{ functionCall: { id: 'c1', name: 'mcp__t__look', args: { at: 'Paris' } } }] },
      {
        kind: 'tool_result',
        parts: [
          {
            functionResponse: {
              id: 'c1',
              name: 'mcp__t__look',
              response: { output: 'sunny' },
              parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
            },
          },
        ],
      },
    ]);
  });

  it('tells the same id of two turns apart', () => {
    const result: Message = { role: 'tool', callId: 'c', content: [{ type: 'text', text: 'r' }] };
    const ids = contents(text('user', 'a'), call('c'), result, call('c'), result).flatMap(({ parts }) =>
      parts.flatMap((part) => {
        if ('functionCall' in part) return [part.functionCall.id];
        return 'functionResponse' in part ? [part.functionResponse.id] : [];
      }),
    );
    assert.deepEqual(ids, ['c', 'c', 'c-2', 'c-2']);
  });

  it('sets answers that follow each other apart, and asks to go on behind the last', () => {
    assert.deepEqual(contents(text('assistant', 'One.'), text('assistant', 'Two.')), [
      { kind: 'assistant', parts: [{ text: 'One.' }, { text: '\n\n' }, { text: 'Two.' }] },
      { kind: 'user', parts: [{ text: 'Go on exactly where your last message stops.' }] },
    ]);
  });

  it('brings its own reasoning back, and nobody else’s', () => {
    const thoughts: Message = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'mine', origin: 'qwen' },
        { type: 'reasoning', text: 'theirs', origin: 'anthropic', signature: 's' },
        { type: 'text', text: 'Yes.' },
      ],
    };
    assert.deepEqual(contents(thoughts, text('user', 'Why?'))[0]?.parts, [
      { text: 'mine', thought: true },
      { text: 'Yes.' },
    ]);
  });

  it('leaves no message empty', () => {
    assert.deepEqual(contents({ role: 'assistant', content: [] }, text('user', '')), [
      { kind: 'user', parts: [{ text: '(no content)' }] },
    ]);
  });

  it('carries documents and sound', () => {
    const message: Message = {
      role: 'user',
      content: [
        { type: 'file', mediaType: 'application/pdf', data: 'JVBE', name: 'a.pdf' },
        { type: 'audio', format: 'wav', data: 'UklG' },
      ],
    };
    assert.deepEqual(contents(message)[0]?.parts, [
      { inlineData: { mimeType: 'application/pdf', data: 'JVBE', displayName: 'a.pdf' } },
      { inlineData: { mimeType: 'audio/wav', data: 'UklG' } },
    ]);
  });
});

describe('resultText', () => {
  it('says in words that a call has failed', () => {
    const content = [{ type: 'text', text: 'no such place' } as const];
    assert.equal(resultText({ role: 'tool', callId: 'c', content }), 'no such place');
    assert.equal(resultText({ role: 'tool', callId: 'c', content, isError: true }), '<error>\nno such place\n</error>');
  });
});
