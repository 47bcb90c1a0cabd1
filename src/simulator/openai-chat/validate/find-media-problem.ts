import { isObject, type JsonObject } from '../../json.ts';
import { invalid, missing, type Problem } from './problem.ts';

const IMAGES: readonly ((head: string) => boolean)[] = [
  (head) => head.startsWith('\xff\xd8\xff'),
  (head) => head.startsWith('\x89PNG\r\n\x1a\n'),
  (head) => /^GIF8[79]a/.test(head),
  (head) => /^RIFF.{4}WEBP/s.test(head),
];

/** An image, a sound, a file or a video in a user's message, by the first bytes of its data. */
export function findMediaProblem(part: JsonObject, at: string): Problem | undefined {
  const type = String(part.type);
  const value = part[type];
  if (!isObject(value)) return missing(`${at}.${type}`);
  switch (type) {
    case 'image_url':
      return findImageProblem(value.url, `${at}.image_url.url`);
    case 'file':
      return 'file_id' in value ? undefined : findFileProblem(value, `${at}.file`);
    case 'input_audio':
      return findAudioProblem(value, `${at}.input_audio`);
    default:
      return findUrlProblem(value.url, `${at}.${type}.url`);
  }
}

function findImageProblem(url: unknown, at: string): Problem | undefined {
  const problem = findUrlProblem(url, at);
  const data = readDataUrl(url);
  if (problem || !data) return problem;
  if (!data.mediaType.startsWith('image/')) return unsupported(at, 'an image', 'image/png', data.mediaType);
  if (IMAGES.some((fits) => fits(data.head))) return undefined;
  const message =
    'You uploaded an unsupported image. Please make sure your image has of one the following formats: ' +
    "['png', 'jpeg', 'gif', 'webp'].";
  return { message, param: null, code: 'invalid_image_format' };
}

/** Only PDF files are taken by their data. */
function findFileProblem({ file_data: url, filename }: JsonObject, at: string): Problem | undefined {
  if (typeof filename !== 'string' || filename === '') return missing(`${at}.filename`);
  const problem = findUrlProblem(url, `${at}.file_data`);
  const data = readDataUrl(url);
  if (problem || !data) return problem;
  const { mediaType, head } = data;
  if (mediaType !== 'application/pdf') {
    return unsupported(`${at}.file_data`, 'an application/pdf', 'application/pdf', mediaType);
  }
  return head.startsWith('%PDF-')
    ? undefined
    : invalid(`${at}.file_data`, 'The file could not be parsed as a PDF document.', 'invalid_file_format');
}

/** OpenAI wants bare base64, DashScope a URL. */
function findAudioProblem({ data, format }: JsonObject, at: string): Problem | undefined {
  if (typeof data !== 'string' || data === '') return missing(`${at}.data`);
  if (typeof format !== 'string' || format === '') return missing(`${at}.format`);
  if (isBase64(data)) return undefined;
  return findUrlProblem(data, `${at}.data`);
}

function findUrlProblem(url: unknown, at: string): Problem | undefined {
  if (url === undefined) return missing(at);
  if (typeof url === 'string' && (/^https?:\/\/[^/]/.test(url) || readDataUrl(url))) return undefined;
  const problem =
    typeof url === 'string' && url.startsWith('data:') ? 'Expected a base64-encoded data URL' : 'Expected a valid URL';
  return invalid(at, `Invalid '${at}'. ${problem}, but got a value with an invalid format.`);
}

function unsupported(at: string, expected: string, example: string, actual: string): Problem {
  const message =
    `Invalid '${at}'. Expected a base64-encoded data URL with ${expected} MIME type ` +
    `(e.g. 'data:${example};base64,aW1nIGJ5dGVzIGhlcmU='), but got unsupported MIME type '${actual}'.`;
  return invalid(at, message);
}

function readDataUrl(url: unknown): { mediaType: string; head: string } | undefined {
  const comma = String(url).indexOf(',');
  const [, mediaType] = /^data:([^;,]*);base64$/.exec(String(url).slice(0, Math.max(comma, 0))) ?? [];
  const data = String(url).slice(comma + 1);
  if (mediaType === undefined || !isBase64(data)) return undefined;
  return { mediaType, head: Buffer.from(data.slice(0, 32), 'base64').toString('latin1') };
}

function isBase64(data: string): boolean {
  return data !== '' && data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data);
}
