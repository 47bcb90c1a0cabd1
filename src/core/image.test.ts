import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tinyImages } from '../../test/support/tiny-images.ts';
import { imageFromBase64 } from './image.ts';

const limits = { bytes: 3.75 * 1024 * 1024 };

const encode = (start: string, size = 32): string => {
  const bytes = Buffer.alloc(size);
  bytes.write(start, 'latin1');
  return bytes.toString('base64');
};

/** A real image with as many bytes behind it as make up the size. */
const padded = (size: number): string => {
  const bytes = Buffer.alloc(size);
  bytes.set(Buffer.from(tinyImages['image/gif'], 'base64'));
  return bytes.toString('base64');
};

describe('imageFromBase64', () => {
  it('tells the type by the content', () => {
    for (const [mediaType, data] of Object.entries(tinyImages)) {
      assert.deepEqual(imageFromBase64(data, 'a.url', limits), {
        type: 'image',
        source: { kind: 'base64', mediaType, data },
      });
    }
  });

  it('says which image it refuses and why', () => {
    const refused: [data: string, why: RegExp][] = [
      ['', /is empty/],
      ['%%%%', /is not valid base64/],
      [encode('hello'), /must be PNG, JPEG, GIF or WebP/],
      [encode('RIFF\0\0\0\0WAVE'), /must be PNG, JPEG, GIF or WebP/],
      [encode('BM'), /is a BMP image/],
      [encode('II*\0'), /is a TIFF image/],
      [encode('MM\0*'), /is a TIFF image/],
      [encode('\x89PNG\r\n\x1a\ngarbage'), /is no whole PNG image/],
      [encode('\xff\xd8\xff\xe0'), /is no whole JPEG image/],
      [padded(limits.bytes + 1), /has 3\.76 MiB, more than the 3\.75 allowed/],
    ];
    for (const [data, why] of refused) {
      assert.throws(() => imageFromBase64(data, 'a.url', limits), {
        kind: 'invalid-image',
        param: 'a.url',
        message: why,
      });
      assert.throws(() => imageFromBase64(data, 'a.url', limits), { message: /^The image at 'a\.url' .*\.$/ });
    }
    imageFromBase64(padded(limits.bytes), 'a.url', limits);
  });
});
