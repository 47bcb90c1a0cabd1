import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** A request's body as text, unpacked. Rejects when the request breaks off. */
export function readBody(incoming: IncomingMessage): Promise<string> {
  switch (incoming.headers['content-encoding']) {
    case 'zstd':
      return pipeline(incoming, createZstdDecompress(), text);
    case 'gzip':
      return pipeline(incoming, createGunzip(), text);
    default:
      return text(incoming);
  }
}
