import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCitations } from './citations.ts';

const source = { url: 'https://a.example/page', title: 'A page' };

describe('findCitations', () => {
  it('cites a link as a whole, and a bare address', () => {
    const text = 'See [this](https://a.example/page), and https://b.example.';
    assert.deepEqual(findCitations(text, [{ url: 'https://b.example', title: 'B' }, source]), [
      { ...source, start: 4, end: 34 },
      { url: 'https://b.example', title: 'B', start: 40, end: 57 },
    ]);
  });

  it('takes no longer address for a shorter one', () => {
    assert.deepEqual(findCitations('https://a.example/pages https://a.example/page?x', [source]), []);
    assert.equal(findCitations('https://a.example/pages https://a.example/page', [source])[0]?.start, 24);
  });

  it('cites each page once, and none that does not stand in the text', () => {
    const text = 'https://a.example/page and https://a.example/page';
    assert.equal(findCitations(text, [source, source, { url: 'https://c.example', title: 'C' }]).length, 1);
  });
});
