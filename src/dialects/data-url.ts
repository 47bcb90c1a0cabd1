/** The base64 text of a `data:` URL; undefined when the URL is of another scheme or holds no base64. */
export function dataUrlBase64(url: string): string | undefined {
  if (!hasScheme(url, 'data:')) return undefined;
  const comma = url.indexOf(',');
  if (comma < 0) return undefined;
  return url.slice(0, comma).toLowerCase().endsWith(';base64') ? url.slice(comma + 1) : undefined;
}

/** Whether a URL begins with this scheme, colon included, in whatever case. */
export function hasScheme(url: string, scheme: string): boolean {
  return url.slice(0, scheme.length).toLowerCase() === scheme;
}
