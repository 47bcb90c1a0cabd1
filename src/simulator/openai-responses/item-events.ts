import type { WaitStep } from '../script.ts';
import type { OutputItem } from './output-item.ts';
import type { ResponseEvent } from './response-event.ts';

/** An item's events up to its last delta. */
export function* openItem(item: OutputItem, index: number): Generator<ResponseEvent | WaitStep> {
  yield { type: 'response.output_item.added', output_index: index, item: item.opening };
  for (const [position, part] of item.parts.entries()) {
    for (const event of part.before) yield place(event, item, index);
    let first = true;
    for (const delta of part.deltas) {
      if (item.delay && !first) yield { type: 'wait', milliseconds: item.delay };
      first = false;
      yield place(delta, item, index);
    }
    if (position === item.parts.length - 1) return;
    for (const event of part.after) yield place(event, item, index);
  }
}

/** The rest of an item's events. */
export function* closeItem(item: OutputItem, index: number): Generator<ResponseEvent> {
  for (const event of item.parts.at(-1)?.after ?? []) yield place(event, item, index);
  yield { type: 'response.output_item.done', output_index: index, item: item.whole };
}

function place({ type, ...rest }: ResponseEvent, { opening }: OutputItem, index: number): ResponseEvent {
  return { type, item_id: opening.id, output_index: index, ...rest };
}
