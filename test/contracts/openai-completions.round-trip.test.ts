import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import OpenAI from 'openai';
import { foldCompletion } from '../../src/core/completion.ts';
import type { StreamEvent } from '../../src/core/event.ts';
import { openaiChat } from '../../src/dialects/openai-chat/openai-chat.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions/openai-completions.ts';
import { encodeFrame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\0', '\ud800x', '</system>', ' \n'));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** What the chat API says in the same words. */
const settings = fc.record(
  {
    n: fc.integer({ min: 1, max: 8 }),
    stream: fc.boolean(),
    max_tokens: fc.integer({ min: 1 }),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    top_p: fc.double({ min: 0, max: 1, noNaN: true }),
    stop: fc.oneof(text, fc.array(text, { maxLength: 4 })),
    seed: fc.integer(),
    presence_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
    frequency_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
    logit_bias: fc.dictionary(fc.string(), fc.integer()),
  },
  { requiredKeys: [] },
);

const choice = fc.record({
  texts: fc.array(text),
  echo: maybe(text),
  reason: fc.constantFrom('stop', 'length', 'content-filter'),
} as const);

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

describe('openai-completions: round trips', { timeout: 60_000 }, () => {
  it('means by a request what the chat API means by the same', () => {
    fc.assert(
      fc.property(text, settings, (prompt, rest) => {
        const here = openaiCompletions.decode({ model: 'm', prompt, ...rest }, decodeContext);
        const messages = [{ role: 'user', content: prompt }];
        const there = openaiChat.decode({ model: 'm', messages, ...rest }, decodeContext);
        assert.deepEqual({ ...here, options: null }, { ...there, options: null });
      }),
    );
  });

  it('gives the texts of an answer back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(choice, { minLength: 1, maxLength: 4 }), async (choices) => {
        const usage = { inputTokens: 3, outputTokens: 2 };
        const answers = choices.map(({ texts, reason }): StreamEvent[] => [
          { type: 'start', model: 'm' },
          ...texts.map((one): StreamEvent => ({ type: 'text-delta', text: one })),
          { type: 'finish', reason, usage },
        ]);
        const options = { includeUsage: true, choicesPerPrompt: 1, echoes: choices.map(({ echo = '' }) => echo) };
        const context = { id: 'abc', createdAt: new Date(), model: 'm', options };
        const expected = choices.map(({ texts, echo = '', reason }) => [
          echo + texts.join(''),
          reason.replace('-', '_'),
        ]);

        const streams = answers.map(streamOf);
        const frames = await Array.fromAsync(openaiCompletions.frames(streams, context), encodeFrame);
        const headers = { 'content-type': 'text/event-stream' };
        const client = new OpenAI({ apiKey: 'none', fetch: async () => new Response(frames.join(''), { headers }) });
        const said = choices.map((): [string, string] => ['', '']);
        for await (const chunk of await client.completions.create({ model: 'm', prompt: '', stream: true })) {
          for (const { index, text, finish_reason: reason } of chunk.choices) {
            const one = said[index] ?? assert.fail();
            one[0] += text;
            one[1] += reason ?? '';
          }
        }
        assert.deepEqual(said, expected);
        const whole = openaiCompletions.whole(
          await Promise.all(answers.map((events) => foldCompletion(streamOf(events)))),
          context,
        );
        const { choices: told } = whole as OpenAI.Completion;
        assert.deepEqual(
          told.map(({ text, finish_reason: reason }) => [text, reason]),
          expected,
        );
      }),
      { numRuns: 150 },
    );
  });
});
