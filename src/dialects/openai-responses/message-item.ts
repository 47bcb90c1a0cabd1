import type {
  ResponseOutputMessage,
  ResponseOutputRefusal,
  ResponseOutputText,
} from 'openai/resources/responses/responses';
import type { ItemStatus, OpenItem, WireEvent } from './wire.ts';

type Part = ResponseOutputText | ResponseOutputRefusal;
type Annotation = ResponseOutputText.URLCitation;

/** A message of the answer: its parts are text and refusals, in turn. */
export class MessageItem implements OpenItem {
  readonly #id: string;
  readonly #outputIndex: number;
  readonly #parts: Part[] = [];
  #status: ItemStatus = 'in_progress';

  constructor(id: string, outputIndex: number) {
    this.#id = id;
    this.#outputIndex = outputIndex;
  }

  get item(): ResponseOutputMessage {
    return {
      id: this.#id,
      type: 'message',
      status: this.#status,
      role: 'assistant',
      content: this.#parts.map(copy),
    };
  }

  /** Which part comes next, or is under way. */
  get lastPart(): number {
    return Math.max(this.#parts.length - 1, 0);
  }

  *open(): Generator<WireEvent> {
    yield { type: 'response.output_item.added', output_index: this.#outputIndex, item: this.item };
  }

  *text(delta: string): Generator<WireEvent> {
    if (this.#parts.at(-1)?.type !== 'output_text') {
      yield* this.#begin({ type: 'output_text', text: '', annotations: [], logprobs: [] });
    }
    const part = this.#parts.at(-1) as ResponseOutputText;
    part.text += delta;
    yield { type: 'response.output_text.delta', ...this.#place, delta, logprobs: [] };
  }

  *refusal(delta: string): Generator<WireEvent> {
    if (this.#parts.at(-1)?.type !== 'refusal') yield* this.#begin({ type: 'refusal', refusal: '' });
    const part = this.#parts.at(-1) as ResponseOutputRefusal;
    part.refusal += delta;
    yield { type: 'response.refusal.delta', ...this.#place, delta };
  }

  /** Puts a source to a text. Where that text is closed already, only the whole answer tells of it. */
  *cite(contentIndex: number, annotation: Annotation): Generator<WireEvent> {
    const part = this.#parts[contentIndex];
    if (part?.type !== 'output_text') return;
    part.annotations.push(annotation);
    if (this.#status !== 'in_progress' || contentIndex !== this.lastPart) return;
    const index = part.annotations.length - 1;
    yield { type: 'response.output_text.annotation.added', ...this.#place, annotation_index: index, annotation };
  }

  *close(status: ItemStatus): Generator<WireEvent> {
    yield* this.#end();
    this.#status = status;
    yield { type: 'response.output_item.done', output_index: this.#outputIndex, item: this.item };
  }

  get #place() {
    return { item_id: this.#id, output_index: this.#outputIndex, content_index: this.lastPart };
  }

  *#begin(part: Part): Generator<WireEvent> {
    yield* this.#end();
    this.#parts.push(part);
    yield { type: 'response.content_part.added', ...this.#place, part: copy(part) };
  }

  *#end(): Generator<WireEvent> {
    const part = this.#parts.at(-1);
    if (!part) return;
    yield part.type === 'refusal'
      ? { type: 'response.refusal.done', ...this.#place, refusal: part.refusal }
      : { type: 'response.output_text.done', ...this.#place, text: part.text, logprobs: [] };
    yield { type: 'response.content_part.done', ...this.#place, part: copy(part) };
  }
}

/** An event that has left must not change with what comes later. */
function copy(part: Part): Part {
  return part.type === 'refusal' ? { ...part } : { ...part, annotations: [...part.annotations] };
}
