import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import type { Citation, StreamEvent } from '../../core/event.ts';
import { CallItem } from './call-item.ts';
import { itemId } from './item-id.ts';
import { MessageItem } from './message-item.ts';
import type { ResponsesOptions } from './options.ts';
import { ReasoningItem } from './reasoning-item.ts';
import type { ItemStatus, OpenItem, WireEvent } from './wire.ts';

/** Turns the events of an answer into the items of an output, and tells of each as it is made. */
export interface Writer {
  write(event: StreamEvent): Generator<WireEvent>;
  /** Ends what is still open. */
  close(status: ItemStatus): Generator<WireEvent>;
  readonly output: ResponseOutputItem[];
}

/** Where in the whole text of the answer a part of a message begins. */
interface Span {
  message: MessageItem;
  part: number;
  from: number;
}

/** The output of an ordinary answer. */
export class OutputWriter implements Writer {
  readonly #answerId: string;
  readonly #options: ResponsesOptions;
  readonly #items: OpenItem[] = [];
  /** The message or reasoning under way: anything else that comes ends it. */
  #current: MessageItem | ReasoningItem | undefined;
  readonly #calls = new Map<number, CallItem>();
  readonly #spans: Span[] = [];
  #textLength = 0;

  constructor(answerId: string, options: ResponsesOptions) {
    this.#answerId = answerId;
    this.#options = options;
  }

  get output(): ResponseOutputItem[] {
    return this.#items.map(({ item }) => item);
  }

  *write(event: StreamEvent): Generator<WireEvent> {
    switch (event.type) {
      case 'text-delta':
        if (event.text !== '') yield* this.#writeText(event.text);
        return;
      case 'refusal-delta':
        if (event.text !== '') yield* (yield* this.#message()).refusal(event.text);
        return;
      case 'reasoning-delta':
        if (event.text !== '') yield* (yield* this.#reasoning()).text(event.text);
        return;
      case 'reasoning-end': {
        const { type: _, ...seal } = event;
        (yield* this.#reasoning()).seal(seal);
        yield* this.#closeCurrent('completed');
        return;
      }
      case 'tool-call-start': {
        yield* this.#closeCurrent('completed');
        const prefix = event.kind === 'custom' ? 'ctc' : 'fc';
        const wire = this.#options.names.wire(event.name);
        const id = itemId(wire.search ? 'tsc' : prefix, this.#answerId, this.#items.length);
        const call = new CallItem(id, this.#items.length, event, wire);
        this.#calls.set(event.index, call);
        this.#items.push(call);
        yield* call.open();
        return;
      }
      case 'tool-call-delta':
        yield* this.#calls.get(event.index)?.arguments(event.arguments) ?? [];
        return;
      case 'tool-call-end':
        yield* this.#calls.get(event.index)?.finish(event.call) ?? [];
        this.#calls.delete(event.index);
        return;
      case 'citation':
        yield* this.#cite(event.citation);
        return;
      case 'start':
      case 'finish':
        return;
      default:
        event satisfies never;
    }
  }

  *close(status: ItemStatus): Generator<WireEvent> {
    yield* this.#closeCurrent(status);
    // A call whose end never came is not one that anybody can run.
    for (const call of this.#calls.values()) yield* call.close('incomplete');
    this.#calls.clear();
  }

  *#writeText(text: string): Generator<WireEvent> {
    const message = yield* this.#message();
    yield* message.text(text);
    const part = message.lastPart;
    const last = this.#spans.at(-1);
    if (last?.message !== message || last.part !== part) this.#spans.push({ message, part, from: this.#textLength });
    this.#textLength += text.length;
  }

  /** Offsets count from the beginning of the answer's text, on the wire from that of the part. */
  *#cite({ url, title, start, end }: Citation): Generator<WireEvent> {
    const span = this.#spans.findLast(({ from }) => from <= start) ?? this.#spans[0];
    if (!span) return;
    const offsets = { start_index: start - span.from, end_index: end - span.from };
    yield* span.message.cite(span.part, { type: 'url_citation', url, title, ...offsets });
  }

  *#message(): Generator<WireEvent, MessageItem> {
    if (this.#current instanceof MessageItem) return this.#current;
    return yield* this.#begin(new MessageItem(itemId('msg', this.#answerId, this.#items.length), this.#items.length));
  }

  *#reasoning(): Generator<WireEvent, ReasoningItem> {
    if (this.#current instanceof ReasoningItem) return this.#current;
    return yield* this.#begin(
      new ReasoningItem(itemId('rs', this.#answerId, this.#items.length), this.#items.length, this.#options),
    );
  }

  *#begin<Item extends MessageItem | ReasoningItem>(item: Item): Generator<WireEvent, Item> {
    yield* this.#closeCurrent('completed');
    this.#current = item;
    this.#items.push(item);
    yield* item.open();
    return item;
  }

  *#closeCurrent(status: ItemStatus): Generator<WireEvent> {
    const current = this.#current;
    this.#current = undefined;
    if (current) yield* current.close(status);
  }
}
