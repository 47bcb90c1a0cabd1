import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CompletionBuilder, foldCompletion } from './completion.ts';
import type { StreamEvent } from './event.ts';

const usage = { inputTokens: 3, outputTokens: 2 };
const finish: StreamEvent = { type: 'finish', reason: 'stop', usage };

async function* stream(...events: StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

describe('foldCompletion', () => {
  it('makes one answer of the pieces, each kind in its place', async () => {
    const call = { kind: 'function' as const, id: 'c1', name: 'f', arguments: '{"a":1}' };
    const citation = { url: 'https://a.example', title: 'A', start: 0, end: 3 };
    const completion = await foldCompletion(
      stream(
        { type: 'start', model: 'm-1' },
        { type: 'reasoning-delta', text: 'Let ' },
        { type: 'reasoning-delta', text: 'me see' },
        { type: 'reasoning-end', signature: 'signed', origin: 'vendor' },
        { type: 'reasoning-delta', text: 'Again' },
        { type: 'text-delta', text: 'Hello ' },
        { type: 'text-delta', text: 'there' },
        { type: 'tool-call-start', index: 0, kind: 'function', id: 'c1', name: 'f' },
        { type: 'tool-call-delta', index: 0, arguments: '{"a":1}' },
        { type: 'tool-call-end', index: 0, call },
        { type: 'text-delta', text: 'Done' },
        { type: 'citation', citation },
        { type: 'finish', reason: 'tool-calls', stopSequence: 'END', usage },
      ),
    );
    assert.deepEqual(completion, {
      model: 'm-1',
      message: {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Let me see', signature: 'signed', origin: 'vendor' },
          { type: 'reasoning', text: 'Again' },
          { type: 'text', text: 'Hello there' },
          { type: 'tool-call', call },
          { type: 'text', text: 'Done' },
        ],
      },
      citations: [citation],
      reason: 'tool-calls',
      stopSequence: 'END',
      usage,
    });
  });

  it('keeps encrypted reasoning that has no text, and refusals apart from text', async () => {
    const { message } = await foldCompletion(
      stream(
        { type: 'text-delta', text: 'I' },
        { type: 'reasoning-end', encrypted: 'xyz', origin: 'vendor' },
        { type: 'reasoning-end', encrypted: 'abc', origin: 'vendor' },
        { type: 'refusal-delta', text: 'I ca' },
        { type: 'refusal-delta', text: "n't" },
        finish,
      ),
    );
    assert.deepEqual(message.content, [
      { type: 'text', text: 'I' },
      { type: 'reasoning', text: '', encrypted: 'xyz', origin: 'vendor' },
      { type: 'reasoning', text: '', encrypted: 'abc', origin: 'vendor' },
      { type: 'refusal', text: "I can't" },
    ]);
  });

  it('fails for an answer that ends without its finish', async () => {
    await assert.rejects(foldCompletion(stream({ type: 'text-delta', text: 'Half' })), { kind: 'provider-failed' });
    await assert.rejects(foldCompletion(stream()), { kind: 'provider-failed' });
  });
});

describe('CompletionBuilder', () => {
  it('knows the answer so far and whether it is whole', () => {
    const builder = new CompletionBuilder();
    builder.add({ type: 'text-delta', text: 'Half' });
    assert.deepEqual(builder.message, { role: 'assistant', content: [{ type: 'text', text: 'Half' }] });
    assert.equal(builder.isFinished, false);
    builder.add(finish);
    assert.equal(builder.isFinished, true);
  });
});
