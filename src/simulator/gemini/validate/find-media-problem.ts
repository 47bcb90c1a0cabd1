import type { JsonObject } from '../../json.ts';

const IMAGES: Readonly<Record<string, (head: string) => boolean>> = {
  'image/png': (head) => head.startsWith('\x89PNG\r\n\x1a\n'),
  'image/jpeg': (head) => head.startsWith('\xff\xd8\xff'),
  'image/webp': (head) => /^RIFF.{4}WEBP/s.test(head),
  'image/heic': (head) => head.startsWith('ftyp', 4),
  'image/heif': (head) => head.startsWith('ftyp', 4),
};

const OTHERS = /^(audio|video|text)\/|^application\/(pdf|json|rtf|xml|x-javascript|x-typescript|x-python-code)$/;

/** A file's type, and whether its first bytes are those of a picture or a PDF file. Pictures need not be what they say. */
export function findMediaProblem({ mimeType, data }: JsonObject, at: string): string | undefined {
  const problem = findBytesProblem(data, `${at}.data`);
  if (problem) return problem;
  const type = String(mimeType);
  const head = Buffer.from(String(data).slice(0, 32), 'base64').toString('latin1');
  if (Object.hasOwn(IMAGES, type)) {
    return Object.values(IMAGES).some((fits) => fits(head))
      ? undefined
      : 'Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting';
  }
  if (!OTHERS.test(type)) return `Unsupported MIME type: ${type}`;
  return type === 'application/pdf' && !head.startsWith('%PDF-') ? 'The document has no pages.' : undefined;
}

/** Bytes in JSON: base64 in either alphabet. */
export function findBytesProblem(value: unknown, at: string): string | undefined {
  if (typeof value === 'string' && value !== '' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) return undefined;
  return `Invalid value at '${at}' (TYPE_BYTES), Base64 decoding failed for ${JSON.stringify(value) ?? '""'}`;
}
