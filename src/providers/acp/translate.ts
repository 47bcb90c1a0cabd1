import type { FinishReason, StreamEvent } from '../../core/event.ts';
import type { Usage } from '../../core/usage.ts';
import { findCitations, type Source } from '../citations.ts';
import { StopSequences } from './stop-sequences.ts';
import { type SessionUpdate, textOf } from './wire.ts';

export interface TranslatorOptions {
  /** Whose reasoning it is. */
  origin: string;
  /** Where the text is cut; empty when the model's API sees to it. */
  stops: readonly string[];
  undressThought?: (text: string) => string;
}

/** A call as the caller is told of it. */
export interface CallerCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

export interface Finish {
  /** Text that comes all at once. */
  answer?: string;
  calls?: readonly CallerCall[];
  sources?: readonly Source[];
  reason: FinishReason;
  usage: Usage;
}

/** Turns one turn's updates into events. What the agent does with tools of its own stays out of the answer. */
export class Translator {
  #options: TranslatorOptions;
  #stops: StopSequences;
  #thinking = false;
  #text = '';
  #hiddenCall = false;

  constructor(options: TranslatorOptions) {
    this.#options = options;
    this.#stops = new StopSequences(options.stops);
  }

  /** The stop sequence at which the answer was cut: what still comes is no part of it. */
  get stopSequence(): string | undefined {
    return this.#stops.found;
  }

  *update(update: SessionUpdate): Generator<StreamEvent> {
    switch (update.sessionUpdate) {
      case 'agent_thought_chunk': {
        const text = this.#options.undressThought?.(textOf(update) ?? '') ?? textOf(update) ?? '';
        if (text === '') return;
        this.#thinking = true;
        yield { type: 'reasoning-delta', text };
        return;
      }
      case 'agent_message_chunk':
        yield* this.#say(this.#stops.feed(this.#separated(textOf(update) ?? '')));
        return;
      case 'tool_call':
        this.#hiddenCall = true;
        return;
      default:
        return;
    }
  }

  /** The end of a turn that goes on with the results of these calls, or is over. */
  *finish(options: Finish): Generator<StreamEvent> {
    const { answer, calls = [], sources = [], reason, usage } = options;
    if (answer !== undefined) yield* this.#say(this.#stops.feed(answer));
    const stopSequence = this.stopSequence;
    if (stopSequence === undefined) yield* this.#say(this.#stops.flush());
    yield* this.#endThinking();
    for (const citation of findCitations(this.#text, sources)) yield { type: 'citation', citation };
    for (const [index, { id, name, arguments: given }] of calls.entries()) {
      const text = JSON.stringify(given);
      yield { type: 'tool-call-start', index, kind: 'function', id, name };
      yield { type: 'tool-call-delta', index, arguments: text };
      yield { type: 'tool-call-end', index, call: { kind: 'function', id, name, arguments: text } };
    }
    yield { type: 'finish', reason, usage, ...(stopSequence !== undefined && { stopSequence }) };
  }

  /** Text before and after a call of the agent's own are two paragraphs of one answer. */
  #separated(text: string): string {
    if (text === '') return text;
    const apart = this.#hiddenCall && this.#text !== '' && !this.#text.endsWith('\n');
    this.#hiddenCall = false;
    return apart ? `\n\n${text}` : text;
  }

  *#say(text: string): Generator<StreamEvent> {
    if (text === '') return;
    yield* this.#endThinking();
    this.#text += text;
    yield { type: 'text-delta', text };
  }

  *#endThinking(): Generator<StreamEvent> {
    if (!this.#thinking) return;
    this.#thinking = false;
    yield { type: 'reasoning-end', origin: this.#options.origin };
  }
}
