import type { Citation } from '../core/event.ts';

/** A web page that an answer may refer to. */
export interface Source {
  url: string;
  title: string;
}

/** Models link to their sources in Markdown, or write the address down: each source is cited where it stands first. */
export function findCitations(text: string, sources: readonly Source[]): Citation[] {
  const byUrl = new Map(sources.map((source) => [source.url, source]));
  const citations: Citation[] = [];
  for (const { url, title } of byUrl.values()) {
    const at = findAddress(text, url);
    if (at < 0) continue;
    const end = at + url.length;
    const opening = text.startsWith('](', at - 2) && text[end] === ')' ? text.lastIndexOf('[', at) : -1;
    citations.push(opening < 0 ? { url, title, start: at, end } : { url, title, start: opening, end: end + 1 });
  }
  return citations.sort((first, second) => first.start - second.start);
}

/** Where this address stands in the text, and not a longer one that begins like it. */
function findAddress(text: string, url: string): number {
  let at = text.indexOf(url);
  while (at >= 0 && /^[.,]?[\w/?#&=%+~-]/.test(text.slice(at + url.length, at + url.length + 2))) {
    at = text.indexOf(url, at + 1);
  }
  return at;
}
