import { z } from 'zod';
import { GatewayError } from '../../core/error.ts';
import { imageFromBase64, invalidImage } from '../../core/image.ts';
import type { ImagePart, Part } from '../../core/message.ts';
import { dataUrlBase64, hasScheme } from '../data-url.ts';
import { anything, invalid, isObject, quote, read } from '../read.ts';
import { audioPart, filePart } from './file.ts';
import type { Reading } from './reading.ts';

type PartType = 'text' | 'refusal' | 'image' | 'file' | 'audio';
type PartOf<Type extends PartType> = Extract<Part, { type: Type }>;

/** What each kind of message may hold. */
const accepted = {
  system: ['text'],
  user: ['text', 'image', 'file', 'audio'],
  assistant: ['text', 'refusal'],
  tool: ['text', 'image', 'file'],
} as const satisfies Record<string, readonly PartType[]>;
type Role = keyof typeof accepted;
type ContentOf<R extends Role> = PartOf<(typeof accepted)[R][number]>[];

// The responses API's names for the same parts stand beside the chat ones: some clients mix the two.
const partTypes = new Map<unknown, PartType>([
  ['text', 'text'],
  ['input_text', 'text'],
  ['output_text', 'text'],
  ['refusal', 'refusal'],
  ['image_url', 'image'],
  ['input_image', 'image'],
  ['input_audio', 'audio'],
  ['file', 'file'],
  ['input_file', 'file'],
]);

const wireText = z.object({ text: z.string() });
const wireRefusal = z.object({ refusal: z.string() });
const wireImage = z.object({ image_url: anything });
const wireUrl = z.object({ url: z.string() });

/** A message's content as parts, empty texts left out. `at` is the content's place in the body. */
export function readContent<R extends Role>(content: unknown, role: R, at: string, reading: Reading): ContentOf<R> {
  const parts: Part[] = [];
  for (const part of readAnyParts(content, role, at, reading)) {
    if (part.type !== 'text' || part.text !== '') parts.push(part);
  }
  return parts as ContentOf<R>;
}

function* readAnyParts(content: unknown, role: Role, at: string, reading: Reading): Generator<Part> {
  if (content === undefined || content === null) return;
  if (typeof content === 'string') {
    yield { type: 'text', text: content };
    return;
  }
  if (!Array.isArray(content)) throw invalid(at, 'must be a string or an array of parts');
  for (const [index, wire] of content.entries()) {
    const place = `${at}[${index}]`;
    const part = readPart(wire, role, place, reading);
    if (part.type !== 'text' && part.type !== 'refusal') reading.places.set(part, place);
    yield part;
  }
}

function readPart(part: unknown, role: Role, at: string, reading: Reading): Part {
  if (!isObject(part)) throw invalid(at, `must be an object, not ${quote(part)}`);
  const type = partTypes.get(part.type);
  if (type === undefined) {
    if (part.type === undefined) throw invalid(`${at}.type`, 'is required');
    throw invalid(`${at}.type`, `must be text, image_url, input_audio, file or refusal, not ${quote(part.type)}`);
  }
  const types: readonly PartType[] = accepted[role];
  if (!types.includes(type)) throw invalid(`${at}.type`, `is ${quote(part.type)}, which a ${role} message cannot hold`);
  switch (type) {
    case 'text':
      return { type, text: read(wireText, part, at).text };
    case 'refusal':
      return { type, text: read(wireRefusal, part, at).refusal };
    case 'image':
      return readImage(part, at, reading);
    case 'file':
      return filePart(part, at);
    case 'audio':
      return audioPart(part, at);
  }
}

function readImage(part: Record<string, unknown>, at: string, reading: Reading): ImagePart {
  if (part.image_url === undefined && part.file_id !== undefined) {
    throw invalid(`${at}.file_id`, 'names an uploaded file, which this server does not keep: send the image itself');
  }
  const { image_url: image } = read(wireImage, part, at);
  const place = `${at}.image_url`;
  const [url, param] = typeof image === 'string' ? [image, place] : [read(wireUrl, image, place).url, `${place}.url`];
  reading.images += 1;
  const limits = reading.limits.images;
  if (reading.images > limits.count) {
    const most = limits.count === 1 ? '1 image' : `${limits.count} images`;
    const message = `A request may hold at most ${most}; '${param}' is one more.`;
    throw new GatewayError('invalid-image', message, { param });
  }
  const data = dataUrlBase64(url);
  if (data !== undefined) return imageFromBase64(data, param, limits);
  if (hasScheme(url, 'data:')) throw invalidImage(param, 'is a data: URL without base64');
  const fault =
    hasScheme(url, 'http:') || hasScheme(url, 'https:') ? 'is an address to download from' : 'is no data: URL';
  throw invalidImage(param, `${fault}: this version accepts images only as data: URLs`);
}
