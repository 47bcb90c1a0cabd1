import { isObject, type JsonObject } from '../../json.ts';

/** Images and PDF files anywhere in the messages, by the first bytes of their data. */
export function findMediaProblem(node: unknown, path: string): string | undefined {
  if (Array.isArray(node)) return firstProblem(node.entries(), path);
  if (!isObject(node)) return undefined;
  const { type } = node;
  const at = type === 'image' || type === 'document' || type === 'tool_result' ? `${path}.${type}` : path;
  if (type !== 'image' && type !== 'document') return findMediaProblem(node.content, `${at}.content`);
  if (!isObject(node.source)) return `${at}.source: Field required`;
  if (node.source.type !== 'base64') return undefined;
  return type === 'image' ? findImageProblem(node.source, at) : findPdfProblem(node.source, at);
}

function firstProblem(entries: Iterable<[number, unknown]>, path: string): string | undefined {
  for (const [index, element] of entries) {
    const problem = findMediaProblem(element, `${path}.${index}`);
    if (problem) return problem;
  }
  return undefined;
}

const SIGNATURES: Readonly<Record<string, (head: string) => boolean>> = {
  'image/jpeg': (head) => head.startsWith('\xff\xd8\xff'),
  'image/png': (head) => head.startsWith('\x89PNG\r\n\x1a\n'),
  'image/gif': (head) => /^GIF8[79]a/.test(head),
  'image/webp': (head) => /^RIFF.{4}WEBP/s.test(head),
};

function findImageProblem({ media_type: declared, data }: JsonObject, at: string): string | undefined {
  const fits = SIGNATURES[String(declared)];
  if (!fits) {
    return `${at}.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`;
  }
  const head = firstBytes(data);
  if (head === undefined) return `${at}.source.base64.data: invalid base64 data`;
  if (fits(head)) return undefined;
  const actual = Object.keys(SIGNATURES).find((type) => SIGNATURES[type]?.(head));
  return actual
    ? `${at}.source.base64: The image was specified using the ${declared} media type, but the image appears to be a ${actual} image`
    : `${at}.source.base64.data: Image does not match the provided media type ${declared}`;
}

function findPdfProblem({ media_type: declared, data }: JsonObject, at: string): string | undefined {
  if (declared !== 'application/pdf') return `${at}.source.base64.media_type: Input should be 'application/pdf'`;
  return firstBytes(data)?.startsWith('%PDF-')
    ? undefined
    : `${at}.source.base64.data: The PDF specified was not valid.`;
}

function firstBytes(data: unknown): string | undefined {
  if (typeof data !== 'string' || data === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) return undefined;
  return Buffer.from(data.slice(0, 32), 'base64').toString('latin1');
}
