import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReasoningPart, openSummary, sealReasoningPart, sealSummary } from './sealed-text.ts';

describe('sealed text', () => {
  it('opens to what was sealed, and to nothing else', () => {
    const part = { type: 'reasoning', text: 'a\0\ud800"', origin: 'test', encrypted: 'x' } as const;
    assert.deepEqual(openReasoningPart(sealReasoningPart(part)), part);
    assert.equal(openSummary(sealSummary('Grüezi')), 'Grüezi');
    assert.equal(openSummary(sealReasoningPart(part)), undefined);
    assert.equal(openReasoningPart(sealSummary('x')), undefined);
    const others = ['', '#', 'gAAAAABo', Buffer.from('{"summary":"').toString('base64'), sealSummary('x').slice(0, -4)];
    const wrong = Buffer.from('{"reasoning":{"text":4}}').toString('base64url');
    for (const text of [...others, wrong]) {
      assert.equal(openSummary(text), undefined);
      assert.equal(openReasoningPart(text), undefined);
    }
  });
});
