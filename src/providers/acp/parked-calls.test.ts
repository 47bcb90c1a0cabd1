import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../../core/message.ts';
import type { McpCall } from '../../tool-bridge/http-door.ts';
import type { NativeCall } from './agent.ts';
import { ParkedCalls } from './parked-calls.ts';

function result(callId: string, text: string): Message {
  return { role: 'tool', callId, content: [{ type: 'text', text }] };
}

function arriving(name: string, given: Record<string, unknown> = {}): McpCall {
  return { name, arguments: given, signal: new AbortController().signal };
}

function park() {
  const asked: NativeCall[] = [];
  return { asked, parked: new ParkedCalls((call) => asked.push(call)) };
}

const sunny = { content: [{ type: 'text', text: 'sunny' }] };
const rainy = { content: [{ type: 'text', text: 'rainy' }] };

describe('ParkedCalls', () => {
  it('hands a call the result that the caller brings', async () => {
    const { asked, parked } = park();
    const waiting = parked.arrive(arriving('look', { at: 'Paris' }));
    assert.deepEqual(asked, [{ name: 'look', arguments: { at: 'Paris' } }]);
    const [call] = parked.announce(undefined);
    assert.equal(parked.settle([result(call?.id ?? '', 'sunny')]), true);
    assert.deepEqual(await waiting, sunny);
  });

  it('keeps the results of calls that the agent makes later, and asks nobody about them again', async () => {
    const { asked, parked } = park();
    const first = parked.arrive(arriving('look', { at: 'Paris' }));
    const calls = parked.announce([
      { name: 'look', arguments: { at: 'Paris' }, id: 'a' },
      { name: 'look', arguments: { at: 'Rome' }, id: 'b' },
    ]);
    assert.deepEqual(
      calls.map(({ id }) => id),
      ['a', 'b'],
    );
    assert.equal(parked.settle([result('b', 'rainy'), result('a', 'sunny')]), true);
    assert.deepEqual(await first, sunny);
    assert.deepEqual(await parked.arrive(arriving('look', { at: 'Rome' })), rainy);
    assert.equal(asked.length, 1);
  });

  it('takes no result for a call that is not the very same', () => {
    const { asked, parked } = park();
    void parked.arrive(arriving('look', { at: 'Paris' }));
    parked.announce([
      { name: 'look', arguments: { at: 'Paris' }, id: 'a' },
      { name: 'look', arguments: { at: 'Rome' }, id: 'b' },
    ]);
    parked.settle([result('a', 'sunny'), result('b', 'rainy')]);
    void parked.arrive(arriving('look', { at: 'Oslo' }));
    assert.deepEqual(asked.at(-1), { name: 'look', arguments: { at: 'Oslo' } });
  });

  it('takes nothing but the results of all calls', () => {
    const { parked } = park();
    void parked.arrive(arriving('look'));
    parked.announce([
      { name: 'look', arguments: {}, id: 'a' },
      { name: 'look', arguments: { at: 'Rome' }, id: 'b' },
    ]);
    const user: Message = { role: 'user', content: [{ type: 'text', text: 'Wait.' }] };
    assert.equal(parked.settle([result('a', 'sunny')]), false);
    assert.equal(parked.settle([result('a', 'sunny'), result('c', 'rainy')]), false);
    assert.equal(parked.settle([result('a', 'sunny'), result('b', 'rainy'), user]), false);
  });

  it('knows the next call that came meanwhile', () => {
    const { parked } = park();
    void parked.arrive(arriving('look'));
    void parked.arrive(arriving('listen'));
    const [first] = parked.announce([{ name: 'look', arguments: {} }]);
    assert.equal(parked.settle([result(first?.id ?? '', 'sunny')]), true);
    assert.deepEqual(parked.next, { name: 'listen', arguments: {} });
  });

  it('gives up what waits', async () => {
    const { parked } = park();
    const waiting = parked.arrive(arriving('look'));
    parked.drop();
    await assert.rejects(waiting);
    assert.equal(parked.next, undefined);
  });
});
