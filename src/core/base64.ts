/** Bytes that came as base64 text, with that text in its canonical spelling. */
interface Base64 {
  bytes: Buffer;
  text: string;
}

/**
 * Decodes base64 text once. White space, the URL-safe alphabet and missing padding are accepted; undefined for anything
 * else.
 */
export function decodeBase64(text: string): Base64 | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is no base64 and says nothing: only the length shows that something was skipped.
  const unpadded = text.length - padding(text);
  if (bytes.length === byteLength(unpadded))
    return { bytes, text: isCanonical(text) ? text : bytes.toString('base64') };
  const trimmed = text.trimEnd();
  const characters = trimmed.length - padding(trimmed) - countWhiteSpace(trimmed);
  return bytes.length === byteLength(characters) ? { bytes, text: bytes.toString('base64') } : undefined;
}

function byteLength(characters: number): number | undefined {
  return characters % 4 === 1 ? undefined : Math.floor((characters * 3) / 4);
}

function padding(text: string): number {
  if (text.endsWith('==')) return 2;
  return text.endsWith('=') ? 1 : 0;
}

function isCanonical(text: string): boolean {
  return text.length % 4 === 0 && !text.includes('-') && !text.includes('_');
}

function countWhiteSpace(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) count += 1;
  }
  return count;
}
