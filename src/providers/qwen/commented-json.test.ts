import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCommentedJson } from './commented-json.ts';

describe('parseCommentedJson', () => {
  it('reads JSON with comments of both kinds, and what only looks like one', () => {
    const text = '\uFEFF{ // a line\n "url": "https://a//b", /* two\n lines */ "quote": "\\" /* no */" }';
    assert.deepEqual(parseCommentedJson(text), { url: 'https://a//b', quote: '" /* no */' });
  });

  it('says when it is no JSON at all', () => {
    assert.equal(parseCommentedJson('{ "a": '), undefined);
  });
});
