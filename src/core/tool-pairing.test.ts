import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from './message.ts';
import { findPairingFault } from './tool-pairing.ts';

const user: Message = { role: 'user', content: [{ type: 'text', text: 'hi' }] };
const system: Message = { role: 'system', content: [{ type: 'text', text: 'hi' }] };
const result = (callId: string): Message => ({ role: 'tool', callId, content: [] });
const calls = (...ids: string[]): Message => ({
  role: 'assistant',
  content: [
    { type: 'text', text: 'Let me see.' },
    ...ids.map((id) => ({
      type: 'tool-call' as const,
      call: { kind: 'function' as const, id, name: 'f', arguments: '{}' },
    })),
  ],
});

describe('findPairingFault', () => {
  it('accepts results in any order, a system message among them, and ids used again later', () => {
    const conversation = [
      user,
      calls('a', 'b'),
      result('b'),
      system,
      result('a'),
      user,
      calls('a'),
      result('a'),
      calls(),
    ];
    assert.equal(findPairingFault(conversation), undefined);
    assert.equal(findPairingFault([]), undefined);
  });

  it('finds the call that nobody answers before the next turn, or at all', () => {
    const fault = { kind: 'unanswered', id: 'b', message: 1, call: 1 };
    assert.deepEqual(findPairingFault([user, calls('a', 'b'), result('a'), user, result('b')]), fault);
    assert.deepEqual(findPairingFault([user, calls('a', 'b'), result('a'), calls('c')]), fault);
    assert.deepEqual(findPairingFault([user, calls('a', 'b'), result('a')]), fault);
  });

  it('finds the result that nobody asked for, or asked for once', () => {
    assert.deepEqual(findPairingFault([user, result('x')]), { kind: 'unasked', id: 'x', message: 1, call: 0 });
    const twice = [calls('a'), result('a'), result('a')];
    assert.deepEqual(findPairingFault(twice), { kind: 'unasked', id: 'a', message: 2, call: 0 });
    const late = [calls('a'), result('a'), user, result('a')];
    assert.deepEqual(findPairingFault(late), { kind: 'unasked', id: 'a', message: 3, call: 0 });
  });

  it('finds two calls of one message under one id', () => {
    assert.deepEqual(findPairingFault([calls('a', 'a')]), { kind: 'repeated', id: 'a', message: 0, call: 1 });
  });
});
