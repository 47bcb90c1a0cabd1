import { z } from 'zod';
import { GatewayError } from '../../core/error.ts';
import { imageFromBase64, invalidImage } from '../../core/image.ts';
import type { ImagePart } from '../../core/message.ts';
import { dataUrlBase64 } from '../data-url.ts';
import { invalid, read } from '../read.ts';
import type { Reading } from './reading.ts';

const wireImage = z.object({
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), data: z.string() }),
    z.object({ type: z.literal('url'), url: z.string() }),
    z.object({ type: z.literal('file') }),
  ]),
});

/** An image block. Throws where the image has to be fetched from elsewhere, or is one too many. */
export function readImage(block: unknown, at: string, reading: Reading): ImagePart {
  const { source } = read(wireImage, block, at);
  if (source.type === 'file') {
    throw invalid(
      `${at}.source.file_id`,
      'names an uploaded file, which this server does not keep: send the image itself',
    );
  }
  const param = source.type === 'url' ? `${at}.source.url` : `${at}.source.data`;
  const { count, bytes } = reading.limits.images;
  reading.images += 1;
  if (reading.images > count) {
    const most = count === 1 ? '1 image' : `${count} images`;
    throw new GatewayError('invalid-image', `A request may hold at most ${most}; '${param}' is one more.`, { param });
  }
  const data = source.type === 'url' ? dataUrlBase64(source.url) : source.data;
  if (data === undefined) {
    throw invalidImage(param, 'is an address to download from: this version accepts images only as base64');
  }
  const part = imageFromBase64(data, param, { bytes });
  reading.places.set(part, at);
  return part;
}
