import type { ResponseCompactionItem, ResponseOutputItem } from 'openai/resources/responses/responses';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import { itemId } from './item-id.ts';
import type { Writer } from './output-writer.ts';
import { sealSummary } from './sealed-text.ts';
import type { ItemStatus, WireEvent } from './wire.ts';

/** The output of an answer that sums a conversation up: one compaction item, whatever else the model did. */
export class CompactionWriter implements Writer {
  readonly #id: string;
  #summary = '';
  #isOpen = false;

  constructor(answerId: string) {
    this.#id = itemId('cmp', answerId, 0);
  }

  get output(): ResponseOutputItem[] {
    return [this.#item(sealSummary(this.#summary))];
  }

  *write(event: StreamEvent): Generator<WireEvent> {
    yield* this.#open();
    if (event.type === 'text-delta') this.#summary += event.text;
  }

  /** Throws `provider-failed` where there is no summary, or a part of one: the rest of the conversation would be lost. */
  *close(status: ItemStatus): Generator<WireEvent> {
    yield* this.#open();
    if (status !== 'completed' || this.#summary.trim() === '') {
      throw new GatewayError('provider-failed', 'The model wrote no whole summary of the conversation.');
    }
    yield { type: 'response.output_item.done', output_index: 0, item: this.#item(sealSummary(this.#summary)) };
  }

  *#open(): Generator<WireEvent> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    yield { type: 'response.output_item.added', output_index: 0, item: this.#item('') };
    yield { type: 'response.compaction.compacting', output_index: 0, item_id: this.#id };
  }

  #item(sealed: string): ResponseCompactionItem {
    return { id: this.#id, type: 'compaction', encrypted_content: sealed };
  }
}
