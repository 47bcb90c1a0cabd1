import type { Citation } from '../../core/event.ts';

interface Segment {
  /** Left out where it is 0. */
  startIndex?: number;
  endIndex: number;
  text: string;
}

/** The web pages that an answer refers to, and where. */
export interface GroundingMetadata {
  groundingChunks: { web: { uri: string; title: string } }[];
  groundingSupports: { segment: Segment; groundingChunkIndices: number[] }[];
}

/** Citations on the wire, where places in the text are told in bytes; undefined where there are none. */
export function toGroundingMetadata(text: string, citations: readonly Citation[]): GroundingMetadata | undefined {
  if (citations.length === 0) return undefined;
  const pages = new Map<string, { place: number; web: { uri: string; title: string } }>();
  const supports = new Map<string, GroundingMetadata['groundingSupports'][number]>();
  for (const { url, title, start, end } of citations) {
    const page = `${url}\n${title}`;
    const { place } = pages.get(page) ?? { place: pages.size };
    pages.set(page, { place, web: { uri: url, title } });
    const support = supports.get(`${start} ${end}`) ?? {
      segment: toSegment(text, start, end),
      groundingChunkIndices: [],
    };
    support.groundingChunkIndices.push(place);
    supports.set(`${start} ${end}`, support);
  }
  return {
    groundingChunks: [...pages.values()].map(({ web }) => ({ web })),
    groundingSupports: [...supports.values()],
  };
}

function toSegment(text: string, start: number, end: number): Segment {
  const startIndex = Buffer.byteLength(text.slice(0, start));
  const cited = text.slice(start, end);
  return { ...(startIndex > 0 && { startIndex }), endIndex: startIndex + Buffer.byteLength(cited), text: cited };
}
