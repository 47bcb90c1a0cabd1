import type { ApiError } from '../api-error.ts';
import { problem } from './problems.ts';

const MEDIA_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** How files of these types begin, as Latin-1. */
const SIGNATURES = ['\xff\xd8\xff', '\x89PNG', 'GIF8', 'RIFF'];

/** An image's URL. One that leads into the web is not looked up. */
export function findImageProblem(url: string, at: string): ApiError | undefined {
  if (/^https?:\/\/[^/]/.test(url)) return undefined;
  const [, mediaType, data] = /^data:([^;,]*);base64,(.*)$/s.exec(url) ?? [];
  if (mediaType === undefined || data === undefined) {
    return problem(
      `Invalid '${at}'. Expected a valid URL, but got a value with an invalid format.`,
      at,
      'invalid_value',
    );
  }
  if (!MEDIA_TYPES.includes(mediaType)) {
    const message =
      `Invalid '${at}'. Expected a base64-encoded data URL with an image MIME type ` +
      `(e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got unsupported MIME type '${mediaType}'.`;
    return problem(message, at, 'invalid_value');
  }
  if (data === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    const message = `Invalid '${at}'. Expected a base64-encoded data URL, but got an invalid base64-encoded value.`;
    return problem(message, at, 'invalid_base64');
  }
  const head = Buffer.from(data.slice(0, 32), 'base64').toString('latin1');
  if (SIGNATURES.some((signature) => head.startsWith(signature))) return undefined;
  const supported = MEDIA_TYPES.map((type) => `'${type}'`).join(', ');
  return problem(
    'The image data you provided does not represent a valid image. Please check your input and try again with ' +
      `one of the following image formats: [${supported}].`,
    'input',
    'invalid_image',
  );
}
