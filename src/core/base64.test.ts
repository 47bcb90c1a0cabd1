import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeBase64 } from './base64.ts';

describe('decodeBase64', () => {
  it('decodes every length and keeps canonical text as it is', () => {
    for (let length = 0; length < 20; length += 1) {
      const bytes = Buffer.from(Array.from({ length }, (_, index) => 250 + index));
      const text = bytes.toString('base64');
      assert.deepEqual(decodeBase64(text), { bytes, text });
    }
  });

  it('accepts line breaks, missing padding and the URL-safe alphabet, and spells them canonically', () => {
    for (const text of ['+/+/\r\n+w==\n', ' +/+/+w', '-_-_-w==', '-_-_-w']) {
      assert.equal(decodeBase64(text)?.text, '+/+/+w==', text);
    }
  });

  it('refuses anything else', () => {
    for (const text of ['!', 'A', 'AAAAA', 'AA=A', 'AAA!', 'AAAA!AAA', 'é', 'AAAA====', 'AA\0A']) {
      assert.equal(decodeBase64(text), undefined, text);
    }
  });
});
