import { imageSize } from 'image-size';
import { decodeBase64 } from './base64.ts';
import { GatewayError } from './error.ts';
import type { ImagePart } from './message.ts';

/** How many images one request may hold, and how many bytes each may have once decoded. */
export interface ImageLimits {
  count: number;
  bytes: number;
}

interface ImageFormat {
  name: string;
  mediaType: string;
  accepted: boolean;
  matches(bytes: Buffer): boolean;
}

const formats: readonly ImageFormat[] = [
  { name: 'PNG', mediaType: 'image/png', accepted: true, matches: (bytes) => has(bytes, 0, '\x89PNG\r\n\x1a\n') },
  { name: 'JPEG', mediaType: 'image/jpeg', accepted: true, matches: (bytes) => has(bytes, 0, '\xff\xd8\xff') },
  {
    name: 'GIF',
    mediaType: 'image/gif',
    accepted: true,
    matches: (bytes) => has(bytes, 0, 'GIF87a') || has(bytes, 0, 'GIF89a'),
  },
  {
    name: 'WebP',
    mediaType: 'image/webp',
    accepted: true,
    matches: (bytes) => has(bytes, 0, 'RIFF') && has(bytes, 8, 'WEBP'),
  },
  { name: 'BMP', mediaType: 'image/bmp', accepted: false, matches: (bytes) => has(bytes, 0, 'BM') },
  {
    name: 'TIFF',
    mediaType: 'image/tiff',
    accepted: false,
    matches: (bytes) => has(bytes, 0, 'II*\0') || has(bytes, 0, 'MM\0*'),
  },
];

const acceptedNames = 'PNG, JPEG, GIF or WebP';

/**
 * An image given as base64 text, as a part. Its type is read off its content, whatever the caller declared. Throws
 * `invalid-image`, naming `param`, the place in the caller's body.
 */
export function imageFromBase64(data: string, param: string, limits: Pick<ImageLimits, 'bytes'>): ImagePart {
  const decoded = decodeBase64(data);
  if (!decoded) throw invalidImage(param, 'is not valid base64');
  const { bytes, text } = decoded;
  if (bytes.length === 0) throw invalidImage(param, 'is empty');
  const format = formats.find((candidate) => candidate.matches(bytes));
  if (!format) throw invalidImage(param, `is no image that can be read: it must be ${acceptedNames}`);
  if (format.accepted && !hasDimensions(bytes)) throw invalidImage(param, `is no whole ${format.name} image`);
  if (!format.accepted) throw invalidImage(param, `is a ${format.name} image: it must be ${acceptedNames}`);
  if (bytes.length > limits.bytes) {
    throw invalidImage(param, `has ${mebibytes(bytes.length)} MiB, more than the ${mebibytes(limits.bytes)} allowed`);
  }
  return { type: 'image', source: { kind: 'base64', mediaType: format.mediaType, data: text } };
}

/** The error for the image at `param`; `fault` goes on from "The image at … ". */
export function invalidImage(param: string, fault: string): GatewayError {
  return new GatewayError('invalid-image', `The image at '${param}' ${fault}.`, { param });
}

/** Whether the header behind the signature says a size: what is not an image at all does not. */
function hasDimensions(bytes: Buffer): boolean {
  try {
    const { width, height } = imageSize(bytes);
    return width > 0 && height > 0;
  } catch {
    return false;
  }
}

function has(bytes: Buffer, offset: number, signature: string): boolean {
  return bytes.toString('latin1', offset, offset + signature.length) === signature;
}

function mebibytes(bytes: number): string {
  return (Math.ceil((bytes / 1024 / 1024) * 100) / 100).toString();
}
