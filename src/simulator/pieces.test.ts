import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pieces } from './pieces.ts';

test('words keep the blanks around them', () => {
  for (const text of ['one', 'one two\n\nthree ', '  lead', '   ', 'é 😀 漢字', '']) {
    assert.equal(pieces(text).join(''), text);
  }
  assert.deepEqual(pieces('one two\n\nthree '), ['one', ' two', '\n\nthree ']);
});

test('a size counts characters and splits none', () => {
  assert.deepEqual(pieces('a😀bc', 2), ['a😀', 'bc']);
});
