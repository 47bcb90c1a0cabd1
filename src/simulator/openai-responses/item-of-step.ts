import { elements } from '../json.ts';
import { pieces } from '../pieces.ts';
import type { ContentStep } from '../plan-script.ts';
import type { TextStep, WebSearchStep } from '../script.ts';
import { callItem } from './call-item.ts';
import type { OutputItem } from './output-item.ts';
import { reasoningItem } from './reasoning-item.ts';
import type { ResponseContext } from './response-context.ts';
import type { ResponseEvent } from './response-event.ts';

/** The output item that a step turns into. */
export function itemOfStep(step: ContentStep, context: ResponseContext): OutputItem {
  switch (step.type) {
    case 'text':
      return messageItem(step, context);
    case 'thinking':
      return reasoningItem(step, context);
    case 'call':
      return callItem(step, context);
    case 'web-search':
      return searchItem(step, context);
  }
}

function messageItem({ text, citations = [], chunkSize, delay }: TextStep, { newId }: ResponseContext): OutputItem {
  const head = { id: newId('msg'), type: 'message', role: 'assistant' };
  const annotations = citations.map(({ title, url }) => ({
    type: 'url_citation',
    start_index: 0,
    end_index: text.length,
    title,
    url,
  }));
  const part = { type: 'output_text', text, annotations, logprobs: [] };
  const at = { content_index: 0 };
  return {
    opening: { ...head, status: 'in_progress', content: [] },
    parts: [
      {
        before: [{ type: 'response.content_part.added', ...at, part: { ...part, text: '', annotations: [] } }],
        deltas: textDeltas(pieces(text, chunkSize)),
        after: [
          ...annotations.map((annotation, annotation_index) => {
            return { type: 'response.output_text.annotation.added' as const, ...at, annotation_index, annotation };
          }),
          { type: 'response.output_text.done', ...at, text, logprobs: [] },
          { type: 'response.content_part.done', ...at, part },
        ],
      },
    ],
    whole: { ...head, status: 'completed', content: [part] },
    delay,
  };
}

function* textDeltas(texts: readonly string[]): Generator<ResponseEvent> {
  for (const delta of texts) yield { type: 'response.output_text.delta', content_index: 0, delta, logprobs: [] };
}

function searchItem({ query, results }: WebSearchStep, { request, newId }: ResponseContext): OutputItem {
  const head = { id: newId('ws'), type: 'web_search_call' };
  const action = { type: 'search', query, queries: [query] };
  const sources = elements(request.include).includes('web_search_call.action.sources') && {
    sources: results.map(({ url }) => ({ type: 'url', url })),
  };
  const stages = ['in_progress', 'searching', 'completed'];
  return {
    opening: { ...head, status: 'in_progress', action },
    parts: [
      {
        before: stages.map((stage) => ({ type: `response.web_search_call.${stage}` }) as const),
        deltas: [],
        after: [],
      },
    ],
    whole: { ...head, status: 'completed', action: { ...action, ...sources } },
  };
}
