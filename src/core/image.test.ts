import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageFromBase64, imageLimits } from './image.ts';

const encode = (start: string, size = 32): string => {
  const bytes = Buffer.alloc(size);
  bytes.write(start, 'latin1');
  return bytes.toString('base64');
};

describe('imageFromBase64', () => {
  it('tells the type by the content', () => {
    const starts = {
      'image/png': '\x89PNG\r\n\x1a\n',
      'image/jpeg': '\xff\xd8\xff\xe0',
      'image/gif': 'GIF89a',
      'image/webp': 'RIFF\0\0\0\0WEBP',
    };
    for (const [mediaType, start] of Object.entries(starts)) {
      const data = encode(start);
      assert.deepEqual(imageFromBase64(data, 'a.url'), { type: 'image', source: { kind: 'base64', mediaType, data } });
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
      [encode('GIF89a', imageLimits.bytes + 1), /has 3\.76 MiB, more than the 3\.75 allowed/],
    ];
    for (const [data, why] of refused) {
      assert.throws(() => imageFromBase64(data, 'a.url'), { kind: 'invalid-image', param: 'a.url', message: why });
      assert.throws(() => imageFromBase64(data, 'a.url'), { message: /^The image at 'a\.url' .*\.$/ });
    }
    imageFromBase64(encode('GIF89a', imageLimits.bytes), 'a.url');
  });
});
