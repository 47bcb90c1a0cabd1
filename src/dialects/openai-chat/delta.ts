import type { StreamEvent } from '../../core/event.ts';
import type { ToolCall } from '../../core/tool.ts';
import { type Annotation, completeArguments, toAnnotation } from './answer.ts';

type ToolCallDelta = { index: number; id?: string } & (
  | { type?: 'function'; function: { name?: string; arguments: string } }
  | { type?: 'custom'; custom: { name?: string; input: string } }
);

/** What one chunk adds to its choice. */
export interface Delta {
  role?: 'assistant';
  content?: string;
  refusal?: string;
  reasoning_content?: string;
  tool_calls?: ToolCallDelta[];
  annotations?: Annotation[];
}

/** Turns the events of one choice into deltas. */
export class DeltaWriter {
  /** The arguments sent so far of each call under way. */
  readonly #calls = new Map<number, { kind: ToolCall['kind']; sent: string }>();
  readonly #annotations: Annotation[] = [];

  *write(event: StreamEvent): Generator<Delta> {
    switch (event.type) {
      case 'text-delta':
        if (event.text !== '') yield { content: event.text };
        return;
      case 'refusal-delta':
        if (event.text !== '') yield { refusal: event.text };
        return;
      case 'reasoning-delta':
        if (event.text !== '') yield { reasoning_content: event.text };
        return;
      case 'tool-call-start':
        this.#calls.set(event.index, { kind: event.kind, sent: '' });
        yield { tool_calls: [head(event)] };
        return;
      case 'tool-call-delta':
        yield* this.#send(event.index, event.arguments);
        return;
      case 'tool-call-end': {
        const whole = completeArguments(event.call);
        const sent = this.#calls.get(event.index)?.sent ?? '';
        if (whole.startsWith(sent)) yield* this.#send(event.index, whole.slice(sent.length));
        this.#calls.delete(event.index);
        return;
      }
      case 'citation':
        this.#annotations.push(toAnnotation(event.citation));
        return;
      case 'finish':
        // Together: clients keep the last list that they are given.
        if (this.#annotations.length > 0) yield { annotations: this.#annotations };
        return;
      case 'start':
      case 'reasoning-end':
        return;
      default:
        event satisfies never;
    }
  }

  *#send(index: number, text: string): Generator<Delta> {
    const call = this.#calls.get(index);
    if (!call || text === '') return;
    call.sent += text;
    yield {
      tool_calls: [
        call.kind === 'custom' ? { index, custom: { input: text } } : { index, function: { arguments: text } },
      ],
    };
  }
}

function head({ index, id, kind, name }: Extract<StreamEvent, { type: 'tool-call-start' }>): ToolCallDelta {
  return kind === 'custom'
    ? { index, id, type: 'custom', custom: { name, input: '' } }
    : { index, id, type: 'function', function: { name, arguments: '' } };
}
