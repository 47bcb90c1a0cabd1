import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorKinds, GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import { statusOf } from '../../http/status.ts';
import { errorBody } from './error.ts';
import { frames } from './frames.ts';
import { toGroundingMetadata } from './grounding.ts';
import { describeModel } from './models.ts';
import type { GeminiResponse } from './response.ts';
import { toUsageMetadata } from './usage.ts';

const usage = { inputTokens: 10, outputTokens: 4 };

async function partsOf(events: StreamEvent[], includeThoughts: boolean) {
  async function* source() {
    yield* events;
    yield { type: 'finish', reason: 'stop', usage } as const;
  }
  const options = { framing: 'sse', includeThoughts } as const;
  const context = { id: 'a', createdAt: new Date(), model: 'asked', options };
  const pieces = await Array.fromAsync(frames([source()], context), ({ data }) => data as GeminiResponse);
  return { pieces, parts: pieces.flatMap(({ candidates }) => candidates.flatMap(({ content }) => content.parts)) };
}

describe('an answer', () => {
  it('shows thoughts only to those that asked for them', async () => {
    const events: StreamEvent[] = [
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'text-delta', text: 'Yes.' },
    ];
    assert.deepEqual((await partsOf(events, false)).parts, [{ text: '' }, { text: 'Yes.' }, { text: '' }]);
    assert.deepEqual((await partsOf(events, true)).parts[1], { text: 'Hm.', thought: true });
  });

  it('names the model that answers as soon as that is known', async () => {
    const { pieces } = await partsOf([{ type: 'start', model: 'real' }], false);
    assert.deepEqual(
      pieces.map(({ modelVersion }) => modelVersion),
      ['asked', 'real'],
    );
  });

  it('fails where a function is called with what is no object', async () => {
    const call = { kind: 'function', id: 'a', name: 'f' } as const;
    for (const text of ['[]', '{"a":']) {
      const event = { type: 'tool-call-end', index: 0, call: { ...call, arguments: text } } as const;
      await assert.rejects(partsOf([event], false), { kind: 'provider-failed' });
    }
  });

  it('tells places in the text in bytes, and each page once', () => {
    const page = { url: 'https://example.org/a', title: 'A' };
    const other = { url: 'https://example.org/b', title: 'B' };
    const metadata = toGroundingMetadata('Zürich 🌍 is large.', [
      { ...page, start: 0, end: 6 },
      { ...other, start: 7, end: 9 },
      { ...page, start: 7, end: 9 },
    ]);
    assert.deepEqual(metadata, {
      groundingChunks: [{ web: { uri: page.url, title: 'A' } }, { web: { uri: other.url, title: 'B' } }],
      groundingSupports: [
        { segment: { endIndex: 7, text: 'Zürich' }, groundingChunkIndices: [0] },
        { segment: { startIndex: 8, endIndex: 12, text: '🌍' }, groundingChunkIndices: [1, 0] },
      ],
    });
  });

  it('counts thoughts apart and the prompt once', () => {
    const first = { inputTokens: 10, outputTokens: 8, reasoningTokens: 3, cacheReadTokens: 6 };
    assert.deepEqual(toUsageMetadata([first, first]), {
      promptTokenCount: 10,
      candidatesTokenCount: 10,
      totalTokenCount: 26,
      cachedContentTokenCount: 6,
      thoughtsTokenCount: 6,
    });
    assert.deepEqual(toUsageMetadata([usage]), { promptTokenCount: 10, candidatesTokenCount: 4, totalTokenCount: 14 });
  });
});

describe('a failure', () => {
  it('says its HTTP status, its reason, the field and when to try again', () => {
    for (const kind of errorKinds) {
      assert.equal(errorBody(new GatewayError(kind, 'No.')).error.code, statusOf[kind], kind);
    }
    const error = new GatewayError('rate-limited', 'Wait.', { param: 'contents', retryAfterSeconds: 3 });
    assert.deepEqual(errorBody(error), {
      error: {
        code: 429,
        message: 'Wait.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMITED', domain: 'clis-wrapper' },
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: 'contents', description: 'Wait.' }],
          },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' },
        ],
      },
    });
  });
});

describe('a listed model', () => {
  it('leaves out what nobody knows', () => {
    assert.deepEqual(describeModel({ id: 'a', title: 'A', ownedBy: 'us', reasoning: 'never' }), {
      name: 'models/a',
      baseModelId: 'a',
      version: 'a',
      displayName: 'A',
      description: 'A of us.',
      supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
      thinking: false,
    });
  });
});
