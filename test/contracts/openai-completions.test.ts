import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import type { Completion, CompletionCreateParams } from 'openai/resources/completions';
import { foldCompletion } from '../../src/core/completion.ts';
import type { FinishReason, StreamEvent } from '../../src/core/event.ts';
import type { ErrorBody } from '../../src/dialects/openai-chat/error.ts';
import type { TextCompletion } from '../../src/dialects/openai-completions/answer.ts';
import type { CompletionOptions } from '../../src/dialects/openai-completions/decode.ts';
import type { Chunk } from '../../src/dialects/openai-completions/frames.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions/openai-completions.ts';
import { encodeFrame, type Frame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';
import { dialectContract, type Seen } from './dialect.ts';
import { model, scenarios, usage } from './scenarios.ts';

const body = (extra: object): unknown => ({ model: 'm', prompt: 'Once upon', ...extra });
const options: CompletionOptions = { includeUsage: true, choicesPerPrompt: 2 };

const bodies = [
  {
    model: 'm',
    prompt: ['One', 'Two'],
    stream: true,
    stream_options: { include_usage: true },
    n: 2,
    best_of: 3,
    echo: true,
    max_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    stop: ['END', ''],
    seed: 7,
    presence_penalty: 0.1,
    frequency_penalty: -0.1,
    logprobs: 2,
    logit_bias: { '50256': -100 },
    suffix: '',
    user: 'ann',
  },
  { model: 'm', prompt: 'Once upon', stop: 'END', suffix: null, max_tokens: null, stream: false },
] satisfies CompletionCreateParams[];

dialectContract('openai-completions', {
  dialect: openaiCompletions,
  options,
  label,
  sequences: {
    text: ['start', 'text', 'text', 'finish stop', 'usage', '[DONE]'],
    nothing: ['start', 'finish stop', 'usage', '[DONE]'],
    'reasoning, then text': ['start', 'text', 'finish stop', 'usage', '[DONE]'],
    'two parallel calls': ['start', 'text', 'finish stop', 'usage', '[DONE]'],
    'a call without arguments': ['start', 'finish stop', 'usage', '[DONE]'],
    'a call whose arguments come at once': ['start', 'finish stop', 'usage', '[DONE]'],
    'a custom call': ['start', 'finish stop', 'usage', '[DONE]'],
    'a refusal': ['start', 'text', 'finish stop', 'usage', '[DONE]'],
    'a cited text': ['start', 'text', 'finish stop', 'usage', '[DONE]'],
    'a text cut for length': ['start', 'text', 'finish length', 'usage', '[DONE]'],
    'a filtered text': ['start', 'text', 'finish content_filter', 'usage', '[DONE]'],
  },
  twoChoices: [
    'start',
    'start of 1',
    'text',
    'text',
    'finish stop',
    'text of 1',
    'finish stop of 1',
    'usage',
    '[DONE]',
  ],
  keeps: ({ text, refusal, finish }) => ({
    text: text + refusal,
    reasoning: '',
    refusal: '',
    calls: [],
    citations: [],
    finish: finish === 'tool-calls' ? 'stop' : finish,
  }),
  assemble,
  // The official types are met by ours: this compiles only as long as they are.
  read: (whole) => readAnswer([whole as TextCompletion satisfies Completion]),
  errorMessage: (value) => ((value as ErrorBody).error satisfies OpenAI.ErrorObject).message,
  bodies,
  malformed: {
    'a body that is no object': { body: [], param: undefined },
    'no model': { body: { prompt: 'hi' }, param: 'model' },
    'no prompt': { body: { model: 'm' }, param: 'prompt' },
    'a prompt that is a number': { body: body({ prompt: 1 }), param: 'prompt' },
    'no prompts': { body: body({ prompt: [] }), param: 'prompt' },
    'too many prompts': { body: body({ prompt: Array(21).fill('a') }), param: 'prompt' },
    tokens: { body: body({ prompt: [1, 2] }), param: 'prompt' },
    'several prompts in tokens': { body: body({ prompt: [[1, 2], [3]] }), param: 'prompt[0]' },
    'a prompt among others that is none': { body: body({ prompt: ['a', null] }), param: 'prompt[1]' },
    'a suffix': { body: body({ suffix: 'The end.' }), param: 'suffix', kind: 'unsupported-parameter' },
    'too many answers': { body: body({ n: 9 }), param: 'n' },
    'fewer tries than answers': { body: body({ n: 2, best_of: 1 }), param: 'best_of' },
    'a temperature out of range': { body: body({ temperature: 2.1 }), param: 'temperature' },
    'no tokens at all': { body: body({ max_tokens: 0 }), param: 'max_tokens' },
    'too many stops': { body: body({ stop: Array(17).fill('x') }), param: 'stop' },
  },
  withText: (text) => body({ prompt: text }),
});

describe('openai-completions: several prompts', () => {
  const decode = (value: unknown) => openaiCompletions.decode(value, decodeContext);
  const context = { id: 'abc', createdAt: new Date(), model };

  it('are requests of their own with the same settings', () => {
    const { request, further, choices, asked, ignored, options } = decode(bodies[0]);
    assert.deepEqual(
      [request, ...(further ?? [])].map(({ messages }) => messages),
      ['One', 'Two'].map((text) => [{ role: 'user', content: [{ type: 'text', text }] }]),
    );
    const settings = {
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
    };
    for (const { messages: _, ...rest } of [request, ...(further ?? [])]) {
      assert.deepEqual(rest, { model: 'm', tools: [], ...settings });
    }
    assert.deepEqual(Object.keys(asked).sort(), Object.keys(settings).sort());
    assert.deepEqual([choices, ignored], [2, ['best_of', 'logprobs', 'logit_bias']]);
    assert.deepEqual(options, { includeUsage: true, choicesPerPrompt: 2, echoes: ['One', 'Two'] });
    assert.deepEqual(decode(bodies[1]).request, {
      model: 'm',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Once upon' }] }],
      tools: [],
      stop: ['END'],
    });
  });

  it('have their choices in their order, each behind its prompt, and count once each', async () => {
    const events = scenarios.text.events;
    const { options } = decode(bodies[0]);
    const text = 'Grüezi 🌍\n';
    const expected = {
      texts: [`One${text}`, `One${text}`, `Two${text}`, `Two${text}`],
      usage: [2 * usage.inputTokens, 4 * usage.outputTokens],
    };
    const seen = ({ choices, usage }: Seen) => ({ texts: choices.map((choice) => choice.text), usage });
    const frames = await Array.fromAsync(
      openaiCompletions.frames(
        [1, 2, 3, 4].map(() => streamOf(events)),
        { ...context, options },
      ),
    );
    assert.deepEqual(seen(await assemble(frames)), expected);
    const completions = await Promise.all([1, 2, 3, 4].map(() => foldCompletion(streamOf(events))));
    const whole = openaiCompletions.whole(completions, { ...context, options }) as TextCompletion;
    assert.deepEqual(seen(readAnswer([whole])), expected);
    assert.equal(whole.usage?.prompt_tokens_details.cached_tokens, 2 * (usage.cacheReadTokens ?? 0));
  });

  it('are answered without token counts where nobody asked for them', async () => {
    const plain = { includeUsage: false, choicesPerPrompt: 1 };
    const frames = openaiCompletions.frames([streamOf(scenarios.text.events)], { ...context, options: plain });
    for await (const { data } of frames) assert.ok(typeof data === 'string' || !('usage' in (data as object)));
  });
});

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

function label({ data }: Frame): string {
  if (typeof data === 'string') return data;
  const { choices, usage, ...head } = data as Chunk;
  assert.deepEqual(head, { id: 'cmpl-abc', object: 'text_completion', created: 1_700_000_000, model });
  const [choice] = choices;
  if (!choice) return usage ? 'usage' : 'nothing';
  assert.equal(usage, null);
  const { text, index, finish_reason: reason } = choice;
  const word = reason === null ? (text === '' ? 'start' : 'text') : `finish ${reason}`;
  return index > 0 ? `${word} of ${index}` : word;
}

/** What the official client makes of the frames. */
async function assemble(frames: Frame[]): Promise<Seen> {
  const wire = frames.map(encodeFrame).join('');
  const client = new OpenAI({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(wire, { headers: { 'content-type': 'text/event-stream' } }),
  });
  const stream = await client.completions.create({ model: 'm', prompt: 'hi', stream: true });
  return readAnswer(await Array.fromAsync(stream));
}

/** An application's view of one answer, in however many pieces. */
function readAnswer(pieces: Completion[]): Seen {
  const texts: string[] = [];
  const finishes: string[] = [];
  for (const { text, index, finish_reason: reason } of pieces.flatMap(({ choices }) => choices)) {
    texts[index] = (texts[index] ?? '') + text;
    if (reason) finishes[index] = reason;
  }
  const counts = pieces.findLast(({ usage }) => usage)?.usage;
  return {
    choices: texts.map((text, index) => ({
      text,
      reasoning: '',
      refusal: '',
      calls: [],
      citations: [],
      finish: (finishes[index] ?? 'none').replace('_', '-') as FinishReason,
    })),
    usage: [counts?.prompt_tokens ?? 0, counts?.completion_tokens ?? 0],
  };
}
