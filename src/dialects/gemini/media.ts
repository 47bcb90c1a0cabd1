import { z } from 'zod';
import { decodeBase64 } from '../../core/base64.ts';
import { GatewayError } from '../../core/error.ts';
import { imageFromBase64 } from '../../core/image.ts';
import type { AudioPart, FilePart, ImagePart, TextPart } from '../../core/message.ts';
import { invalid, quote, read } from '../read.ts';
import { below, type Field, field, fields } from './fields.ts';
import type { Reading } from './reading.ts';

export type Media = TextPart | ImagePart | FilePart | AudioPart;

const wireBlob = fields({ mimeType: z.string().nullish(), data: z.string(), displayName: z.string().nullish() });

const audioFormats = new Map([
  ['mpeg', 'mp3'],
  ['x-wav', 'wav'],
  ['wave', 'wav'],
  ['x-aiff', 'aiff'],
  ['x-flac', 'flac'],
  ['x-m4a', 'm4a'],
]);

/** Bytes in the body, as what their type says: an image, a PDF document, sound, or text that came as bytes. */
export function readInlineData({ value, at }: Field, partAt: string, reading: Reading): Media {
  const { mimeType, data, displayName } = read(wireBlob, value, at);
  const [type = ''] = (mimeType ?? '').toLowerCase().split(';');
  const dataAt = below(at, 'data');
  const part = toPart(type.trim(), data, dataAt, reading);
  if (part === undefined) {
    const typeAt = field(value as Record<string, unknown>, 'mimeType', at).at;
    if (!mimeType) throw invalid(typeAt, 'is required');
    throw invalid(typeAt, `must be that of an image, a PDF document, sound or text, not ${quote(mimeType)}`);
  }
  if (part.type === 'file' && displayName) part.name = displayName;
  if (part.type !== 'text') reading.places.set(part, partAt);
  return part;
}

function toPart(type: string, data: string, at: string, reading: Reading): Media | undefined {
  const [family = '', format = ''] = type.split('/');
  if (family === 'image') return readImage(data, at, reading);
  if (type === 'application/pdf') return readDocument(data, at);
  if (family === 'text' || type === 'application/json')
    return { type: 'text', text: bytesOf(data, at).toString('utf8') };
  if (family !== 'audio' || format === '') return undefined;
  const { text } = decoded(data, at);
  return { type: 'audio', format: audioFormats.get(format) ?? format, data: text };
}

function readImage(data: string, at: string, reading: Reading): ImagePart {
  reading.images += 1;
  const limits = reading.limits.images;
  if (reading.images > limits.count) {
    const most = limits.count === 1 ? '1 image' : `${limits.count} images`;
    throw new GatewayError('invalid-image', `A request may hold at most ${most}; '${at}' is one more.`, { param: at });
  }
  return imageFromBase64(data, at, limits);
}

function readDocument(data: string, at: string): FilePart {
  const { bytes, text } = decoded(data, at);
  if (bytes.toString('latin1', 0, 5) !== '%PDF-') throw invalid(at, 'is not a PDF document');
  return { type: 'file', mediaType: 'application/pdf', data: text };
}

function bytesOf(data: string, at: string): Buffer {
  return decoded(data, at).bytes;
}

function decoded(data: string, at: string): { bytes: Buffer; text: string } {
  const result = decodeBase64(data);
  if (!result || result.bytes.length === 0) throw invalid(at, 'is not valid base64');
  return result;
}

/** The refusal of a file that stands elsewhere. */
export function refuseFileData({ value, at }: Field): GatewayError {
  const place =
    typeof value === 'object' && value !== null ? field(value as Record<string, unknown>, 'fileUri', at).at : at;
  return invalid(place, "names a file that this server does not hold: send its bytes as 'inlineData'");
}
