import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReasoningSeal, sealReasoning } from './reasoning-seal.ts';

describe('a reasoning seal', () => {
  it('comes back as it was, in whichever base64 a client keeps it', () => {
    const seal = { origin: 'someone', signature: 'a.b/c+d==', encrypted: '\0¿', text: 'Hm… 🌍 \ud800' };
    const text = sealReasoning(seal) ?? '';
    assert.match(text, /^[\w-]+$/);
    assert.deepEqual(openReasoningSeal(text), seal);
    assert.deepEqual(openReasoningSeal(Buffer.from(text, 'base64url').toString('base64')), seal);
    assert.deepEqual(openReasoningSeal(sealReasoning({ origin: 'o', encrypted: 'e' }) ?? ''), {
      origin: 'o',
      encrypted: 'e',
    });
  });

  it('is only made where it is known whose reasoning it is', () => {
    assert.deepEqual(openReasoningSeal(sealReasoning({ origin: 'o' }) ?? ''), { origin: 'o' });
    assert.equal(sealReasoning({ signature: 's' }), undefined);
  });

  it('is not seen in the signatures of others', () => {
    const others = ['', 'CpwBAb4', '####', '{"origin":"', '{"origin":"","signature":1}', '{"origin":1}'];
    for (const text of others) {
      assert.equal(openReasoningSeal(text), undefined);
      assert.equal(openReasoningSeal(Buffer.from(text).toString('base64')), undefined);
    }
  });
});
