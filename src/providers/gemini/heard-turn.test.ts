import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeardTurn } from './heard-turn.ts';
import type { RecordedCall, RecordedResponse } from './response-log.ts';

const usage = { inputTokens: 1, outputTokens: 1 };

function answer(text: string, calls: RecordedCall[] = [], rest: Partial<RecordedResponse> = {}): RecordedResponse {
  return { streamed: true, text, calls, finishReason: 'STOP', usage, sources: [], ...rest };
}

function call(name: string, at: string, id?: string): RecordedCall {
  return { name, args: { at }, ...(id !== undefined && { id }) };
}

function heard(...said: (string | { call: string })[]): HeardTurn {
  const turn = new HeardTurn();
  for (const one of said) {
    turn.observe(
      typeof one === 'string'
        ? { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: one } }
        : { sessionUpdate: 'tool_call', toolCallId: one.call },
    );
  }
  return turn;
}

const paris = call('mcp_t_look', 'Paris', 'mcp_t_look__1');
const rome = call('mcp_t_look', 'Rome', 'mcp_t_look__2');

describe('HeardTurn', () => {
  it('knows its answer by the text', () => {
    const mine = answer('Hello you');
    assert.deepEqual(heard('Hello', ' you').match([answer('Hello'), mine, answer('')], 'answer'), [mine]);
  });

  it('knows nothing where nothing fits', () => {
    assert.equal(heard('Hello').match([answer('Hullo'), answer('Hello', [paris])], 'answer'), undefined);
    assert.equal(heard('Hello').match([], 'answer'), undefined);
  });

  it('knows an answer with calls by the one that is made', () => {
    const mine = answer('See', [paris, rome]);
    assert.deepEqual(heard('See', { call: 'mcp_t_look__1' }).match([answer('See'), mine], 'call'), [mine]);
  });

  it('keeps apart what differs only in an id', () => {
    const [mine, other] = [answer('', [paris]), answer('', [call('mcp_t_look', 'Paris', 'mcp_t_look__9'), rome])];
    assert.deepEqual(heard({ call: 'mcp_t_look__1' }).match([other, mine], 'call'), [mine]);
  });

  it('would rather know nothing than take the calls of somebody else', () => {
    const one = answer('', [call('mcp_t_look', 'Paris'), call('mcp_t_look', 'Rome')]);
    const two = answer('', [call('mcp_t_look', 'Paris'), call('mcp_t_look', 'Oslo')]);
    const turn = heard({ call: 'mcp_t_look_1763_0' });
    assert.equal(turn.match([one, two], 'call'), undefined);
    assert.deepEqual(turn.match([one, structuredClone(one)], 'call'), [one]);
  });

  it('puts an answer together that was given before and after a search', () => {
    const first = answer('Let me look.', [call('google_web_search', 'Paris')]);
    const found = answer('', [], { streamed: false, sources: [{ url: 'https://a.example', title: 'A' }] });
    const last = answer('Sunny.');
    const turn = heard('Let me look.', { call: 'google_web_search_1763_0' }, 'Sunny.');
    assert.deepEqual(turn.match([first, found, answer('Other'), last], 'answer'), [found, first, last]);
  });

  it('puts an answer together around a call of a tool that the CLI does not have', () => {
    const first = answer('Hm. ', [call('made_up', 'x')]);
    const last = answer('Then not.');
    assert.deepEqual(heard('Hm. ', 'Then not.').match([first, last], 'answer'), [first, last]);
  });

  it('does not take further calls of an answer already known for new ones', () => {
    const turn = heard({ call: 'mcp_t_look__1' });
    turn.clear([rome]);
    turn.observe({ sessionUpdate: 'tool_call', toolCallId: 'mcp_t_look__2' });
    turn.observe({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'Both.' } });
    const last = answer('Both.');
    assert.deepEqual(turn.match([last], 'answer'), [last]);
  });

  it('waits until the CLI has said that it makes a call, but not for ever', async () => {
    const turn = heard();
    setTimeout(() => turn.observe({ sessionUpdate: 'tool_call', toolCallId: 'mcp_t_look__1' }), 20);
    await turn.saidCall('mcp_t_look', 10_000);
    await turn.saidCall('mcp_t_listen', 20);
  });
});
