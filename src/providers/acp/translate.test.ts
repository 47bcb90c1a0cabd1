import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Finish, Translator, type TranslatorOptions } from './translate.ts';
import type { SessionUpdate } from './wire.ts';

const usage = { inputTokens: 1, outputTokens: 2 };
const stop: Finish = { reason: 'stop', usage };

function chunk(sessionUpdate: string, text: string): SessionUpdate {
  return { sessionUpdate, content: { type: 'text', text } };
}

function translate(updates: SessionUpdate[], finish = stop, options: Partial<TranslatorOptions> = {}) {
  const translator = new Translator({ origin: 'google', stops: [], ...options });
  return [...updates.flatMap((update) => [...translator.update(update)]), ...translator.finish(finish)];
}

describe('Translator of the Agent Client Protocol', () => {
  it('passes text on and ends', () => {
    assert.deepEqual(translate([chunk('agent_message_chunk', 'Hello'), chunk('agent_message_chunk', ' you')]), [
      { type: 'text-delta', text: 'Hello' },
      { type: 'text-delta', text: ' you' },
      { type: 'finish', reason: 'stop', usage },
    ]);
  });

  it('ends reasoning where the text begins, and undresses it', () => {
    const updates = [chunk('agent_thought_chunk', '**Hm**'), chunk('agent_message_chunk', 'So')];
    assert.deepEqual(translate(updates, stop, { undressThought: (text) => text.replaceAll('*', '') }).slice(0, 3), [
      { type: 'reasoning-delta', text: 'Hm' },
      { type: 'reasoning-end', origin: 'google' },
      { type: 'text-delta', text: 'So' },
    ]);
  });

  it('ends reasoning behind which nothing comes', () => {
    const types = translate([chunk('agent_thought_chunk', 'Hm')]).map(({ type }) => type);
    assert.deepEqual(types, ['reasoning-delta', 'reasoning-end', 'finish']);
  });

  it('keeps the agent’s own calls out, and what it says around them apart', () => {
    const updates = [
      chunk('agent_message_chunk', 'Let me look.'),
      { sessionUpdate: 'tool_call', toolCallId: 'google_web_search_1' },
      { sessionUpdate: 'tool_call_update', toolCallId: 'google_web_search_1' },
      chunk('agent_message_chunk', 'Sunny.'),
    ];
    const text = translate(updates).flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
    assert.deepEqual(text, ['Let me look.', '\n\nSunny.']);
  });

  it('tells calls with their arguments', () => {
    const calls = [{ id: 'call_1', name: 'look', arguments: { at: 'Paris' } }];
    const events = translate([], { ...stop, reason: 'tool-calls', calls });
    assert.deepEqual(events, [
      { type: 'tool-call-start', index: 0, kind: 'function', id: 'call_1', name: 'look' },
      { type: 'tool-call-delta', index: 0, arguments: '{"at":"Paris"}' },
      {
        type: 'tool-call-end',
        index: 0,
        call: { kind: 'function', id: 'call_1', name: 'look', arguments: '{"at":"Paris"}' },
      },
      { type: 'finish', reason: 'tool-calls', usage },
    ]);
  });

  it('cites a source where its address stands', () => {
    const sources = [
      { url: 'https://a.example/', title: 'A' },
      { url: 'https://b.example/', title: 'B' },
    ];
    const [, citation] = translate([chunk('agent_message_chunk', 'It is [so](https://b.example/).')], {
      ...stop,
      sources,
    });
    assert.deepEqual(citation, {
      type: 'citation',
      citation: { url: 'https://b.example/', title: 'B', start: 6, end: 30 },
    });
  });

  it('says an answer that comes all at once', () => {
    assert.deepEqual(translate([], { ...stop, answer: '{}' })[0], { type: 'text-delta', text: '{}' });
  });

  it('cuts at a stop sequence and names it', () => {
    const translator = new Translator({ origin: 'google', stops: ['END'] });
    const events = [...translator.update(chunk('agent_message_chunk', 'one END two'))];
    assert.deepEqual(events, [{ type: 'text-delta', text: 'one ' }]);
    assert.equal(translator.stopSequence, 'END');
    assert.deepEqual([...translator.finish(stop)], [{ type: 'finish', reason: 'stop', usage, stopSequence: 'END' }]);
  });

  it('passes over what it does not know', () => {
    assert.deepEqual(translate([{ sessionUpdate: 'plan' }, chunk('user_message_chunk', 'echo')]).length, 1);
  });
});
