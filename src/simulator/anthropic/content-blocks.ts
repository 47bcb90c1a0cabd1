import type { NewId } from '../create-ids.ts';
import type { JsonObject } from '../json.ts';
import { pieces } from '../pieces.ts';
import type { ContentStep } from '../plan-script.ts';
import type { Source, TextStep, ThinkingStep, WebSearchStep } from '../script.ts';

/** One content block, for both ways to send it. */
export interface ContentBlock {
  /** The block as its start event shows it. */
  readonly opening: JsonObject;
  /** JSON of each delta, made while it is sent. */
  readonly deltas: Iterable<string>;
  /** The finished block. */
  readonly whole: JsonObject;
  /** Milliseconds between two deltas. */
  readonly delay?: number;
}

const ARGUMENT_CHUNK = 16;
const DEFAULT_SIGNATURE = Buffer.from('a simulated signature').toString('base64');

/** The content blocks that a step turns into. */
export function contentBlocks(step: ContentStep, newId: NewId): readonly ContentBlock[] {
  switch (step.type) {
    case 'text':
      return [textBlock(step)];
    case 'thinking':
      return [thinkingBlock(step)];
    case 'call': {
      const head = { type: 'tool_use', id: step.id ?? newId('toolu'), name: step.name };
      return [inputBlock(head, step.arguments, step.chunkSize, step.delay)];
    }
    case 'web-search':
      return searchBlocks(step, newId);
  }
}

function textBlock(step: TextStep): ContentBlock {
  const citations = step.citations?.map(citation);
  const head = { type: 'text', ...(citations && { citations }) };
  return {
    opening: { ...head, ...(citations && { citations: [] }), text: '' },
    deltas: textDeltas(step, citations ?? []),
    whole: { ...head, text: step.text },
    delay: step.delay,
  };
}

function* textDeltas(step: TextStep, citations: readonly JsonObject[]): Generator<string> {
  for (const citation of citations) yield JSON.stringify({ type: 'citations_delta', citation });
  for (const piece of pieces(step.text, step.chunkSize)) yield `{"type":"text_delta","text":${JSON.stringify(piece)}}`;
}

function thinkingBlock(step: ThinkingStep): ContentBlock {
  const { text, signature = DEFAULT_SIGNATURE, delay } = step;
  return {
    opening: { type: 'thinking', thinking: '', signature: '' },
    deltas: thinkingDeltas(step, signature),
    whole: { type: 'thinking', thinking: text, signature },
    delay,
  };
}

function* thinkingDeltas(step: ThinkingStep, signature: string): Generator<string> {
  for (const piece of pieces(step.text, step.chunkSize)) {
    yield `{"type":"thinking_delta","thinking":${JSON.stringify(piece)}}`;
  }
  yield JSON.stringify({ type: 'signature_delta', signature });
}

function inputBlock(head: JsonObject, input: JsonObject, chunkSize?: number, delay?: number): ContentBlock {
  return {
    opening: { ...head, input: {} },
    deltas: inputDeltas(input, chunkSize ?? ARGUMENT_CHUNK),
    whole: { ...head, input },
    delay,
  };
}

function* inputDeltas(input: JsonObject, chunkSize: number): Generator<string> {
  for (const piece of ['', ...pieces(JSON.stringify(input), chunkSize)]) {
    yield `{"type":"input_json_delta","partial_json":${JSON.stringify(piece)}}`;
  }
}

function searchBlocks({ query, results }: WebSearchStep, newId: NewId): readonly ContentBlock[] {
  const id = newId('srvtoolu');
  const found = {
    type: 'web_search_tool_result',
    tool_use_id: id,
    content: results.map(({ title, url }) => ({
      type: 'web_search_result',
      title,
      url,
      encrypted_content: opaque(url),
      page_age: null,
    })),
  };
  return [
    inputBlock({ type: 'server_tool_use', id, name: 'web_search' }, { query }),
    { opening: found, deltas: [], whole: found },
  ];
}

function citation({ title, url }: Source): JsonObject {
  return { type: 'web_search_result_location', cited_text: title, url, title, encrypted_index: opaque(url) };
}

function opaque(text: string): string {
  return Buffer.from(text).toString('base64');
}
