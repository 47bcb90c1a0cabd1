import { GatewayError } from './error.ts';
import type { Citation, FinishReason, StreamEvent } from './event.ts';
import type { AssistantMessage, AssistantPart } from './message.ts';
import type { Usage } from './usage.ts';

/** A whole answer: the fold of its events. */
export interface Completion {
  model: string;
  message: AssistantMessage;
  citations: Citation[];
  reason: FinishReason;
  stopSequence?: string;
  usage: Usage;
}

/** Gathers events one by one, so that whoever passes them on can know the whole answer at the end. */
export class CompletionBuilder {
  #model = '';
  #parts: AssistantPart[] = [];
  #citations: Citation[] = [];
  #finish: Extract<StreamEvent, { type: 'finish' }> | undefined;

  add(event: StreamEvent): void {
    switch (event.type) {
      case 'start':
        this.#model = event.model;
        return;
      case 'text-delta':
        this.#append('text', event.text);
        return;
      case 'refusal-delta':
        this.#append('refusal', event.text);
        return;
      case 'reasoning-delta':
        this.#append('reasoning', event.text);
        return;
      case 'reasoning-end': {
        const { type: _, ...seal } = event;
        const last = this.#parts.at(-1);
        if (last?.type === 'reasoning' && last.origin === undefined) Object.assign(last, seal);
        else this.#parts.push({ type: 'reasoning', text: '', ...seal });
        return;
      }
      case 'tool-call-end':
        this.#parts.push({ type: 'tool-call', call: event.call });
        return;
      case 'citation':
        this.#citations.push(event.citation);
        return;
      case 'finish':
        this.#finish = event;
        return;
      case 'tool-call-start':
      case 'tool-call-delta':
        return;
      default:
        event satisfies never;
    }
  }

  get isFinished(): boolean {
    return this.#finish !== undefined;
  }

  /** The answer so far as a message. */
  get message(): AssistantMessage {
    return { role: 'assistant', content: this.#parts };
  }

  /** The whole answer; fails with kind `provider-failed` when the stream ended without its finish. */
  build(): Completion {
    if (!this.#finish) throw new GatewayError('provider-failed', 'The answer ended before it was complete.');
    const { reason, stopSequence, usage } = this.#finish;
    return { model: this.#model, message: this.message, citations: this.#citations, reason, stopSequence, usage };
  }

  #append(type: 'text' | 'refusal' | 'reasoning', text: string): void {
    const last = this.#parts.at(-1);
    if (last?.type === type && !(last.type === 'reasoning' && last.origin !== undefined)) last.text += text;
    else this.#parts.push({ type, text });
  }
}

/** Reads a stream to its end and returns the whole answer. */
export async function foldCompletion(events: AsyncIterable<StreamEvent>): Promise<Completion> {
  const builder = new CompletionBuilder();
  for await (const event of events) builder.add(event);
  return builder.build();
}
