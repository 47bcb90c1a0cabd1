import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Completion } from '../../core/completion.ts';
import type { AnswerContext } from '../dialect.ts';
import type { ChatOptions } from './decode.ts';
import { whole } from './whole.ts';

const context: AnswerContext<ChatOptions> = {
  id: 'x',
  createdAt: new Date(5_999),
  model: 'asked',
  options: { includeUsage: false },
};
const usage = { inputTokens: 10, outputTokens: 4 };
const completion: Completion = {
  model: 'answered',
  message: { role: 'assistant', content: [{ type: 'text', text: 'hi' }] },
  citations: [],
  reason: 'stop',
  usage,
};

describe('a whole answer', () => {
  it('holds what there is and no more', () => {
    const { usage: _, ...rest } = whole([completion], context);
    assert.deepEqual(rest, {
      id: 'chatcmpl-x',
      object: 'chat.completion',
      created: 5,
      model: 'answered',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
    });
  });

  it('falls back on the model that was asked for', () => {
    assert.equal(whole([{ ...completion, model: '' }], context).model, 'asked');
  });

  it('has null for content beside a call, and an empty text for an empty answer', () => {
    const call = { kind: 'function' as const, id: 'a', name: 'f', arguments: '' };
    const content = [{ type: 'tool-call' as const, call }];
    const called = whole([{ ...completion, message: { role: 'assistant', content } }], context);
    assert.deepEqual(called.choices[0]?.message, {
      role: 'assistant',
      content: null,
      refusal: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    });
    const empty = whole([{ ...completion, message: { role: 'assistant', content: [] } }], context);
    assert.equal(empty.choices[0]?.message.content, '');
  });

  it('counts the prompt once and what each of its choices wrote', () => {
    const first = { ...usage, cacheReadTokens: 0, cacheWriteTokens: 9, reasoningTokens: 1 };
    const second = { ...usage, cacheReadTokens: 9, reasoningTokens: 2 };
    assert.deepEqual(
      whole(
        [
          { ...completion, usage: first },
          { ...completion, usage: second },
        ],
        context,
      ).usage,
      {
        prompt_tokens: 10,
        completion_tokens: 8,
        total_tokens: 18,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 3 },
        cache_creation_input_tokens: 9,
        cache_read_input_tokens: 0,
      },
    );
  });
});
