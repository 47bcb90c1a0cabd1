import type { Citation, StreamEvent } from '../../core/event.ts';
import { toGroundingMetadata } from './grounding.ts';
import { type AnswerPart, PartWriter } from './part-writer.ts';
import { type Candidate, toCandidate } from './response.ts';

/** Turns the events of one candidate into its pieces. A call comes in one piece: the API has no halves of one. */
export class CandidateWriter {
  readonly #index: number;
  readonly #parts: PartWriter;
  readonly #citations: Citation[] = [];
  /** The text so far, in which citations are counted. */
  #text = '';
  /** The thoughts that stand together and have not been sealed. */
  #thoughts = '';

  constructor(index: number, options: { includeThoughts: boolean }) {
    this.#index = index;
    this.#parts = new PartWriter(options);
  }

  *write(event: StreamEvent): Generator<Candidate> {
    if (event.type === 'finish') {
      const grounding = toGroundingMetadata(this.#text, this.#citations);
      yield toCandidate(this.#index, [this.#parts.rest()], event.reason, grounding);
      return;
    }
    for (const part of this.#write(event)) yield toCandidate(this.#index, [part]);
  }

  *#write(event: Exclude<StreamEvent, { type: 'finish' }>): Generator<AnswerPart> {
    switch (event.type) {
      case 'text-delta':
        this.#text += event.text;
        if (event.text !== '') this.#thoughts = '';
        yield* this.#parts.text(event.text);
        return;
      case 'refusal-delta':
        if (event.text !== '') this.#thoughts = '';
        yield* this.#parts.refusal(event.text);
        return;
      case 'reasoning-delta':
        this.#thoughts += event.text;
        yield* this.#parts.thought(event.text);
        return;
      case 'reasoning-end':
        yield* this.#parts.seal({ ...event, type: 'reasoning', text: this.#thoughts });
        this.#thoughts = '';
        return;
      case 'tool-call-end':
        this.#thoughts = '';
        yield* this.#parts.call(event.call);
        return;
      case 'citation':
        this.#citations.push(event.citation);
        return;
      case 'start':
      case 'tool-call-start':
      case 'tool-call-delta':
        return;
      default:
        event satisfies never;
    }
  }
}
