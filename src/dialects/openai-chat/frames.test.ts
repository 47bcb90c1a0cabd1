import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamEvent } from '../../core/event.ts';
import type { AnswerContext } from '../dialect.ts';
import type { ChatOptions } from './decode.ts';
import { frames } from './frames.ts';

const context = (includeUsage: boolean): AnswerContext<ChatOptions> => ({
  id: 'x',
  createdAt: new Date(5_999),
  model: 'asked',
  options: { includeUsage },
});
const usage = { inputTokens: 10, outputTokens: 4, cacheReadTokens: 6, cacheWriteTokens: 1, reasoningTokens: 2 };

async function stream(events: StreamEvent[], includeUsage: boolean): Promise<unknown[]> {
  async function* source(): AsyncGenerator<StreamEvent> {
    yield* events;
  }
  const data: unknown[] = [];
  for await (const frame of frames([source()], context(includeUsage))) data.push(frame.data);
  return data;
}

describe('a streamed answer', () => {
  const events: StreamEvent[] = [
    { type: 'start', model: 'answered' },
    { type: 'text-delta', text: 'hi' },
    { type: 'finish', reason: 'stop', usage },
  ];
  const head = { id: 'chatcmpl-x', object: 'chat.completion.chunk', created: 5, model: 'asked' };
  const choice = (delta: object, finish_reason: string | null = null) => [
    { index: 0, delta, logprobs: null, finish_reason },
  ];

  it('says nothing of usage unless asked', async () => {
    assert.deepEqual(await stream(events, false), [
      { ...head, choices: choice({ role: 'assistant', content: '' }) },
      { ...head, choices: choice({ content: 'hi' }) },
      { ...head, choices: choice({}, 'stop') },
      '[DONE]',
    ]);
  });

  it('tells usage in a chunk of its own when asked', async () => {
    const chunks = await stream(events, true);
    assert.deepEqual(chunks.at(-2), {
      ...head,
      choices: [],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 4,
        total_tokens: 14,
        prompt_tokens_details: { cached_tokens: 6 },
        completion_tokens_details: { reasoning_tokens: 2 },
        cache_creation_input_tokens: 1,
        cache_read_input_tokens: 6,
      },
    });
    assert.deepEqual(
      chunks.slice(0, -2).map((chunk) => (chunk as { usage?: unknown }).usage),
      [null, null, null],
    );
  });

  it('sends what the deltas of a call left out', async () => {
    const call = { kind: 'function' as const, id: 'a', name: 'f' };
    const chunks = await stream(
      [
        { type: 'tool-call-start', index: 0, ...call },
        { type: 'tool-call-delta', index: 0, arguments: '{"a"' },
        { type: 'tool-call-end', index: 0, call: { ...call, arguments: '{"a":1}' } },
        { type: 'finish', reason: 'tool-calls', usage },
      ],
      false,
    );
    assert.deepEqual(chunks[1], {
      ...head,
      choices: choice({
        tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }],
      }),
    });
    assert.deepEqual(chunks[3], {
      ...head,
      choices: choice({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
    });
  });
});
