import { z } from 'zod';
import { GatewayError } from '../../core/error.ts';
import { imageFromBase64, invalidImage } from '../../core/image.ts';
import type { ImagePart, Part } from '../../core/message.ts';
import { dataUrlBase64, hasScheme } from '../data-url.ts';
import { audioPart, filePart } from '../openai-chat/file.ts';
import { anything, invalid, isObject, quote, read } from '../read.ts';
import type { Reading } from './reading.ts';

type PartType = 'text' | 'refusal' | 'image' | 'file' | 'audio';
type PartOf<Type extends PartType> = Extract<Part, { type: Type }>;

/** What each kind of item may hold. */
const accepted = {
  system: ['text'],
  user: ['text', 'image', 'file', 'audio'],
  assistant: ['text', 'refusal'],
  output: ['text', 'image', 'file'],
} as const satisfies Record<string, readonly PartType[]>;
type Holder = keyof typeof accepted;
type ContentOf<H extends Holder> = PartOf<(typeof accepted)[H][number]>[];

// The chat API's names for the same parts stand beside these: some clients mix the two.
const partTypes = new Map<unknown, PartType>([
  ['input_text', 'text'],
  ['output_text', 'text'],
  ['text', 'text'],
  ['refusal', 'refusal'],
  ['input_image', 'image'],
  ['image_url', 'image'],
  ['input_file', 'file'],
  ['file', 'file'],
  ['input_audio', 'audio'],
]);

const wireText = z.object({ text: z.string() });
const wireRefusal = z.object({ refusal: z.string() });
const wireImage = z.object({ image_url: anything, file_id: anything });
const wireUrl = z.object({ url: z.string() });

/** The content of an item as parts, empty texts left out. `at` is its place in the body. */
export function readContent<H extends Holder>(content: unknown, holder: H, at: string, reading: Reading): ContentOf<H> {
  const parts: Part[] = [];
  for (const part of readParts(content, holder, at, reading)) {
    if (part.type !== 'text' || part.text !== '') parts.push(part);
  }
  return parts as ContentOf<H>;
}

function* readParts(content: unknown, holder: Holder, at: string, reading: Reading): Generator<Part> {
  if (content === undefined || content === null) return;
  if (typeof content === 'string') {
    yield { type: 'text', text: content };
    return;
  }
  if (!Array.isArray(content)) throw invalid(at, 'must be a string or an array of parts');
  for (const [index, wire] of content.entries()) {
    const place = `${at}[${index}]`;
    const part = readPart(wire, holder, place, reading);
    if (part.type !== 'text' && part.type !== 'refusal') reading.places.set(part, place);
    yield part;
  }
}

function readPart(part: unknown, holder: Holder, at: string, reading: Reading): Part {
  if (!isObject(part)) throw invalid(at, `must be an object, not ${quote(part)}`);
  const type = partTypes.get(part.type);
  if (type === undefined) {
    if (part.type === undefined) throw invalid(`${at}.type`, 'is required');
    const names = 'input_text, input_image, input_file, input_audio, output_text or refusal';
    throw invalid(`${at}.type`, `must be ${names}, not ${quote(part.type)}`);
  }
  const types: readonly PartType[] = accepted[holder];
  if (!types.includes(type)) {
    const whose = holder === 'output' ? 'the output of a tool' : `a ${holder} message`;
    throw invalid(`${at}.type`, `is ${quote(part.type)}, which ${whose} cannot hold`);
  }
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
  const { image_url: image, file_id: fileId } = read(wireImage, part, at);
  if ((image === undefined || image === null) && fileId) {
    throw invalid(`${at}.file_id`, 'names an uploaded file, which this server does not keep: send the image itself');
  }
  const place = `${at}.image_url`;
  const [url, param] = isObject(image)
    ? [read(wireUrl, image, place).url, `${place}.url`]
    : [read(z.string(), image, place), place];
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
