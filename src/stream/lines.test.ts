import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineSplitter } from './lines.ts';

function split(chunks: (string | Buffer)[], maxBytes = 1_000): string[] {
  const splitter = new LineSplitter({ maxBytes });
  return chunks.flatMap((chunk) => [...splitter.feed(Buffer.from(chunk))]);
}

describe('LineSplitter', () => {
  it('cuts lines out of any chunking', () => {
    const text = 'first\n\nzwölf 🐈 sähe\r\nlast\n';
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      assert.deepEqual(split(chunks), ['first', '', 'zwölf 🐈 sähe', 'last'], `chunks of ${size}`);
    }
  });

  it('keeps an unfinished line back until its end comes', () => {
    assert.deepEqual(split(['a\nb']), ['a']);
    assert.deepEqual(split(['a\nb', 'c\n']), ['a', 'bc']);
  });

  it('drops one carriage return at the end only', () => {
    assert.deepEqual(split(['a\rb\r\r\n', '\r\n']), ['a\rb\r', '']);
  });

  it('refuses a line that grows beyond the limit, whatever its pieces', () => {
    assert.deepEqual(split(['12345', '67890', '\n'], 10), ['1234567890']);
    assert.throws(() => split(['12345', '67890', '1'], 10), RangeError);
    assert.throws(() => split(['12345', '678901\n'], 10), RangeError);
  });
});
