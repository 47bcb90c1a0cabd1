import type { ResponseReasoningItem } from 'openai/resources/responses/responses';
import type { ReasoningPart } from '../../core/message.ts';
import { sealReasoningPart } from './sealed-text.ts';
import type { ItemStatus, OpenItem, WireEvent } from './wire.ts';

export interface ReasoningItemOptions {
  summaries: boolean;
  encryptedReasoning: boolean;
}

/** A piece of reasoning: it is always told of, its text and what it needs to be sent back only where they are asked for. */
export class ReasoningItem implements OpenItem {
  readonly #id: string;
  readonly #outputIndex: number;
  readonly #options: ReasoningItemOptions;
  #part: ReasoningPart = { type: 'reasoning', text: '' };
  #isClosed = false;

  constructor(id: string, outputIndex: number, options: ReasoningItemOptions) {
    this.#id = id;
    this.#outputIndex = outputIndex;
    this.#options = options;
  }

  get item(): ResponseReasoningItem {
    const { text } = this.#part;
    const { summaries, encryptedReasoning } = this.#options;
    return {
      id: this.#id,
      type: 'reasoning',
      summary: summaries && text !== '' ? [{ type: 'summary_text', text }] : [],
      ...(encryptedReasoning && this.#isClosed && { encrypted_content: sealReasoningPart(this.#part) }),
    };
  }

  *open(): Generator<WireEvent> {
    yield { type: 'response.output_item.added', output_index: this.#outputIndex, item: this.item };
  }

  *text(delta: string): Generator<WireEvent> {
    const isFirst = this.#part.text === '';
    this.#part.text += delta;
    if (!this.#options.summaries) return;
    if (isFirst) {
      const part = { type: 'summary_text' as const, text: '' };
      yield { type: 'response.reasoning_summary_part.added', ...this.#place, part };
    }
    yield { type: 'response.reasoning_summary_text.delta', ...this.#place, delta };
  }

  /** What shows the provider that the text is its own. */
  seal(seal: Pick<ReasoningPart, 'origin' | 'signature' | 'encrypted'>): void {
    this.#part = { ...this.#part, ...seal };
  }

  // The API gives reasoning no status unless it is asked for in the input.
  *close(_status: ItemStatus): Generator<WireEvent> {
    this.#isClosed = true;
    const { text } = this.#part;
    if (this.#options.summaries && text !== '') {
      const part = { type: 'summary_text' as const, text };
      yield { type: 'response.reasoning_summary_text.done', ...this.#place, text };
      yield { type: 'response.reasoning_summary_part.done', ...this.#place, part };
    }
    yield { type: 'response.output_item.done', output_index: this.#outputIndex, item: this.item };
  }

  get #place() {
    return { item_id: this.#id, output_index: this.#outputIndex, summary_index: 0 };
  }
}
