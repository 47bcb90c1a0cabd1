import type { WebSearchStep } from './script.ts';

/** A web search whose two results lead nowhere. */
export function madeUpSearch(query: string): WebSearchStep {
  return {
    type: 'web-search',
    query,
    results: [
      { title: 'A made-up result', url: 'https://example.com/first' },
      { title: 'Another made-up result', url: 'https://example.org/second' },
    ],
  };
}
