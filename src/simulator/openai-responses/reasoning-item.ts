import { elements, isObject, type JsonObject } from '../json.ts';
import { pieces } from '../pieces.ts';
import type { ThinkingStep } from '../script.ts';
import type { ItemPart, OutputItem } from './output-item.ts';
import type { ResponseContext } from './response-context.ts';

/** A summary is told only on request, and the encrypted reasoning too. */
export function reasoningItem(
  { text, signature, chunkSize, delay }: ThinkingStep,
  context: ResponseContext,
): OutputItem {
  const { request, newId } = context;
  const head = { id: newId('rs'), type: 'reasoning' };
  const sealed = elements(request.include).includes('reasoning.encrypted_content') && {
    encrypted_content: signature ?? encrypt(text),
  };
  const summarized = isObject(request.reasoning) && typeof request.reasoning.summary === 'string';
  const texts = summarized ? text.split(/\n\n(?=\*\*)/) : [];
  return {
    opening: { ...head, ...(sealed && { encrypted_content: '' }), summary: [] },
    parts: texts.map((words, summary_index) => summaryPart(words, summary_index, chunkSize)),
    whole: { ...head, ...sealed, summary: texts.map(summaryText) },
    delay,
  };
}

function summaryPart(text: string, summary_index: number, chunkSize: number | undefined): ItemPart {
  const at = { summary_index };
  return {
    before: [{ type: 'response.reasoning_summary_part.added', ...at, part: summaryText('') }],
    deltas: pieces(text, chunkSize).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
    after: [
      { type: 'response.reasoning_summary_text.done', ...at, text },
      { type: 'response.reasoning_summary_part.done', ...at, part: summaryText(text) },
    ],
  };
}

function summaryText(text: string): JsonObject {
  return { type: 'summary_text', text };
}

/** Looks like what the real API makes of reasoning; nothing is secret here. */
function encrypt(text: string): string {
  return `gAAAAA${Buffer.from(text).toString('base64url')}`;
}
