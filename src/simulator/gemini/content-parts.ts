import type { NewId } from '../create-ids.ts';
import type { JsonObject } from '../json.ts';
import { pieces } from '../pieces.ts';
import type { ContentStep } from '../plan-script.ts';

/** Makes the parts of one answer, step after step. */
export interface PartMaker {
  /** In the pieces in which they are streamed. A search has none: it is told with the last one. */
  streamed(step: ContentStep): Iterable<JsonObject>;
  /** In one piece each. */
  whole(step: ContentStep): readonly JsonObject[];
  /** What proves thoughts that no later part could carry; undefined where none is left over. */
  leftOver(): JsonObject | undefined;
}

const DEFAULT_SIGNATURE = Buffer.from('a simulated signature').toString('base64');

/**
 * Thoughts are left out unless `includeThoughts`. Their signature goes with the part after them: a call, whose first is
 * signed in any case, or an empty text at the end.
 */
export function createPartMaker(includeThoughts: boolean, newId: NewId): PartMaker {
  let pending: string | undefined;
  let called = false;

  const parts = (step: ContentStep, cut: (text: string) => readonly string[]): readonly JsonObject[] => {
    switch (step.type) {
      case 'text':
        return cut(step.text).map((text) => ({ text }));
      case 'thinking':
        pending = step.signature ?? DEFAULT_SIGNATURE;
        return includeThoughts ? thoughts(step.text, step.chunkSize) : [];
      case 'call': {
        const functionCall = { id: step.id ?? newId('call'), name: step.name, args: step.arguments };
        const thoughtSignature = pending ?? (called ? undefined : DEFAULT_SIGNATURE);
        pending = undefined;
        called = true;
        return [{ functionCall, ...(thoughtSignature !== undefined && { thoughtSignature }) }];
      }
      case 'web-search':
        return [];
    }
  };

  return {
    streamed: (step) => parts(step, (text) => pieces(text, step.type === 'text' ? step.chunkSize : undefined)),
    whole: (step) => parts(step, (text) => [text]),
    leftOver() {
      return pending === undefined ? undefined : { text: '', thoughtSignature: pending };
    },
  };
}

/** A summary of thoughts comes in one piece unless a script says otherwise. */
function thoughts(text: string, chunkSize?: number): readonly JsonObject[] {
  const cut = chunkSize === undefined ? [text] : pieces(text, chunkSize);
  return cut.map((piece) => ({ text: piece, thought: true }));
}
