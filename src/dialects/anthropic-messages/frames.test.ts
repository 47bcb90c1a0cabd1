import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContentBlock, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { foldCompletion } from '../../core/completion.ts';
import type { FinishReason, StreamEvent } from '../../core/event.ts';
import { openReasoningSeal } from '../reasoning-seal.ts';
import { frames } from './frames.ts';
import type { MessageOptions } from './options.ts';
import { whole } from './whole.ts';

const text = (value: string): StreamEvent => ({ type: 'text-delta', text: value });
const begin = (index: number, name: string): StreamEvent => ({
  type: 'tool-call-start',
  index,
  kind: 'function',
  id: `id-${index}`,
  name,
});
const piece = (index: number, value: string): StreamEvent => ({ type: 'tool-call-delta', index, arguments: value });
const end = (index: number, name: string, value: string): StreamEvent => ({
  type: 'tool-call-end',
  index,
  call: { kind: 'function', id: `id-${index}`, name, arguments: value },
});
const usage = { inputTokens: 30, outputTokens: 12, cacheReadTokens: 20, cacheWriteTokens: 4, reasoningTokens: 5 };

async function* answer(events: StreamEvent[], finish: object): AsyncGenerator<StreamEvent> {
  yield { type: 'start', model: 'real-model' };
  yield* events;
  yield { type: 'finish', reason: 'stop', usage, ...finish };
}

interface Answering {
  finish?: { reason?: FinishReason; stopSequence?: string };
  options?: MessageOptions;
}

async function wire(events: StreamEvent[], { finish = {}, options = { showsThinking: true } }: Answering = {}) {
  const context = { id: 'abc', createdAt: new Date(), model: 'asked-model', options };
  const sent: RawMessageStreamEvent[] = [];
  for await (const { data } of frames([answer(events, finish)], context)) sent.push(data as RawMessageStreamEvent);
  return { sent, message: whole([await foldCompletion(answer(events, finish))], context) };
}

const labels = (sent: RawMessageStreamEvent[]) =>
  sent.flatMap((event) => {
    if (event.type === 'content_block_start') return [`${event.index}: ${event.content_block.type}`];
    if (event.type !== 'content_block_delta') return [];
    const { delta } = event;
    if (delta.type === 'input_json_delta') return [`${event.index}: ${delta.partial_json}`];
    return delta.type === 'text_delta' ? [`${event.index}: ${delta.text}`] : [];
  });

describe('frames', () => {
  it('never has two blocks open: what comes while a call is under way waits for its end', async () => {
    const { sent } = await wire([
      text('a'),
      begin(0, 'f'),
      begin(1, 'g'),
      piece(1, '{"b":'),
      piece(0, '{"a":1}'),
      text('late'),
      piece(1, '2}'),
      end(1, 'g', '{"b":2}'),
      end(0, 'f', '{"a":1}'),
    ]);
    assert.deepEqual(labels(sent), [
      '0: text',
      '0: a',
      '1: tool_use',
      '1: {"a":1}',
      '2: tool_use',
      '2: {"b":',
      '2: 2}',
      '3: text',
      '3: late',
    ]);
    let open = 0;
    for (const { type } of sent) {
      if (type === 'content_block_start') open += 1;
      if (type === 'content_block_stop') open -= 1;
      assert.ok(open === 0 || open === 1);
    }
    assert.equal(open, 0);
  });

  it('tells tokens apart as the API does, at the end', async () => {
    const { sent, message } = await wire([text('a')]);
    const last = sent.findLast((event) => event.type === 'message_delta');
    const counts = {
      input_tokens: 6,
      cache_read_input_tokens: 20,
      cache_creation_input_tokens: 4,
      output_tokens: 12,
      output_tokens_details: { thinking_tokens: 5 },
      server_tool_use: null,
    };
    assert.deepEqual(last?.usage, counts);
    assert.partialDeepStrictEqual(message.usage, counts);
    assert.equal(message.model, 'real-model');
  });

  it('says which stop sequence ended the answer, and the words of a refusal', async () => {
    const stopped = { finish: { stopSequence: 'END' } };
    const { message } = await wire([text('a')], stopped);
    assert.deepEqual([message.stop_reason, message.stop_sequence], ['stop_sequence', 'END']);
    const refused = await wire([{ type: 'refusal-delta', text: 'I will not.' }]);
    const details = { type: 'refusal', category: null, explanation: 'I will not.' };
    assert.deepEqual([refused.message.stop_reason, refused.message.stop_details], ['refusal', details]);
    const filtered = await wire([], { finish: { reason: 'content-filter' } });
    assert.equal(filtered.message.stop_reason, 'refusal');
    for (const { sent, message: same } of [refused, filtered, await wire([text('a')], stopped)]) {
      assert.partialDeepStrictEqual(same, sent.findLast((event) => event.type === 'message_delta')?.delta ?? {});
    }
  });

  it('seals reasoning with its origin, in whichever kind of block', async () => {
    const { message } = await wire([
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'reasoning-end', origin: 'one', encrypted: 'e' },
      { type: 'reasoning-end', origin: 'two', encrypted: 'f' },
      { type: 'reasoning-end', origin: 'three', signature: 's' },
      { type: 'reasoning-end', origin: 'four' },
      { type: 'reasoning-delta', text: 'Own.' },
      { type: 'reasoning-end', origin: 'five' },
      { type: 'reasoning-delta', text: 'Nobody’s.' },
    ]);
    assert.deepEqual(message.content.map(readBlock), [
      ['Hm.', { origin: 'one', encrypted: 'e' }],
      [undefined, { origin: 'two', encrypted: 'f' }],
      ['', { origin: 'three', signature: 's' }],
      ['Own.', { origin: 'five' }],
      ['Nobody’s.', undefined],
    ]);
  });

  it('keeps thinking that the caller does not want to see in its seal', async () => {
    const events: StreamEvent[] = [
      text('a'),
      { type: 'reasoning-delta', text: 'Hm' },
      { type: 'reasoning-delta', text: '.' },
      { type: 'reasoning-end', origin: 'one', signature: 's' },
      { type: 'reasoning-delta', text: 'Nobody’s.' },
      text('b'),
    ];
    const { sent, message } = await wire(events, { options: { showsThinking: false } });
    assert.doesNotMatch(JSON.stringify(sent), /thinking_delta/);
    assert.deepEqual(labels(sent), ['0: text', '0: a', '1: thinking', '2: text', '2: b']);
    assert.deepEqual(message.content.slice(1, 2).map(readBlock), [
      ['', { origin: 'one', signature: 's', text: 'Hm.' }],
    ]);
  });

  it('attaches sources to the last text, or to an empty one after a call', async () => {
    const citation = { url: 'https://a', title: 'A', start: 0, end: 1 };
    const { sent, message } = await wire([text('a'), begin(0, 'f'), end(0, 'f', '{}'), { type: 'citation', citation }]);
    assert.deepEqual(labels(sent), ['0: text', '0: a', '1: tool_use', '1: {}', '2: text']);
    assert.deepEqual(message.content.at(-1), {
      type: 'text',
      text: '',
      citations: [
        { type: 'web_search_result_location', url: 'https://a', title: 'A', cited_text: '', encrypted_index: '0-1' },
      ],
    });
  });

  it('refuses to pass off as a message what a client could not read', async () => {
    await assert.rejects(wire([begin(0, 'f'), end(0, 'f', '{"a":')]), { kind: 'provider-failed' });
  });
});

function readBlock(block: ContentBlock): unknown[] {
  if (block.type === 'redacted_thinking') return [undefined, openReasoningSeal(block.data)];
  assert.equal(block.type, 'thinking');
  return [block.thinking, openReasoningSeal(block.signature)];
}
