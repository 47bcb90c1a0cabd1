import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeFrame, keepAliveComment } from './sse.ts';

describe('encodeFrame', () => {
  it('writes data as JSON on one line, text as it is, and the event before it', () => {
    assert.equal(encodeFrame({ data: { text: 'two\nlines' } }), 'data: {"text":"two\\nlines"}\n\n');
    assert.equal(encodeFrame({ data: '[DONE]' }), 'data: [DONE]\n\n');
    assert.equal(encodeFrame({ event: 'ping', data: null }), 'event: ping\ndata: null\n\n');
  });
});

describe('keepAliveComment', () => {
  it('is a comment with an end of its own', () => {
    assert.match(keepAliveComment, /^:.*\n\n$/);
  });
});
