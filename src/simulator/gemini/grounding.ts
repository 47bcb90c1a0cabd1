import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';
import type { Source, TextStep } from '../script.ts';

/** What the web said about an answer; undefined where the web was not asked. */
export function groundingMetadata({ steps }: Plan): JsonObject | undefined {
  const queries = steps.flatMap((step) => (step.type === 'web-search' ? [step.query] : []));
  const texts = steps.filter((step) => step.type === 'text');
  const cited = texts.flatMap(({ citations = [] }) => citations);
  if (queries.length === 0 && cited.length === 0) return undefined;
  const found = steps.flatMap((step) => (step.type === 'web-search' ? step.results : []));
  const sources = new Map([...found, ...cited].map((source) => [source.url, source]));
  const order = [...sources.keys()];
  return {
    ...(queries.length > 0 && {
      searchEntryPoint: { renderedContent: searchChips(queries) },
      webSearchQueries: queries,
    }),
    groundingChunks: [...sources.values()].map(chunk),
    groundingSupports: supports(texts, order),
  };
}

/** Offsets are in bytes of the whole answer's text; one that is 0 is left out. */
function supports(texts: readonly TextStep[], order: readonly string[]): readonly JsonObject[] {
  let at = 0;
  return texts.flatMap(({ text, citations = [] }) => {
    const startIndex = at;
    at += Buffer.byteLength(text);
    if (citations.length === 0) return [];
    const segment = { ...(startIndex > 0 && { startIndex }), endIndex: at, text };
    return [{ segment, groundingChunkIndices: citations.map(({ url }) => order.indexOf(url)) }];
  });
}

function chunk({ title, url }: Source): JsonObject {
  return { web: { uri: url, title } };
}

function searchChips(queries: readonly string[]): string {
  return `<div class="container">${queries.map((query) => `<a class="chip">${escapeHtml(query)}</a>`).join('')}</div>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
