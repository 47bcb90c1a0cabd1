import type { RawContentBlockDelta, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import type { StreamEvent } from '../../core/event.ts';
import type { ToolCall } from '../../core/tool.ts';
import { type AnswerBlock, inputText, reasoningBlock, textBlock, toolUseBlock, toWireCitation } from './blocks.ts';
import type { MessageOptions } from './options.ts';

type OpenBlock =
  | { kind: 'text' | 'refusal' | 'reasoning' }
  | { kind: 'call'; call: number; tool: ToolCall['kind']; sent: string };

/**
 * Turns the events of an answer into content blocks, one after the other: the API never has two open at a time. What
 * comes while a call is under way and does not belong to it waits for the call's end.
 */
export class BlockWriter {
  #index = -1;
  #open: OpenBlock | undefined;
  #waiting: StreamEvent[] = [];
  #refusal = '';
  /** The reasoning that has come and not yet ended. */
  #thought = '';
  readonly #options: MessageOptions;

  constructor(options: MessageOptions) {
    this.#options = options;
  }

  /** What the model has refused in words. */
  get refusal(): string {
    return this.#refusal;
  }

  *write(event: StreamEvent): Generator<RawMessageStreamEvent> {
    if (this.#open?.kind === 'call' && !('index' in event && event.index === this.#open.call)) {
      this.#waiting.push(event);
      return;
    }
    yield* this.#write(event);
    if (event.type === 'tool-call-end') yield* this.#writeWaiting();
  }

  /** Ends what is still open. */
  *end(): Generator<RawMessageStreamEvent> {
    while (this.#open) {
      yield* this.#close();
      yield* this.#writeWaiting();
    }
  }

  *#write(event: StreamEvent): Generator<RawMessageStreamEvent> {
    switch (event.type) {
      case 'text-delta':
        if (event.text === '') return;
        yield* this.#continue('text');
        yield this.#delta({ type: 'text_delta', text: event.text });
        return;
      case 'refusal-delta':
        if (event.text === '') return;
        this.#refusal += event.text;
        yield* this.#continue('refusal');
        yield this.#delta({ type: 'text_delta', text: event.text });
        return;
      case 'reasoning-delta':
        if (event.text !== '') yield* this.#think(event.text);
        return;
      case 'reasoning-end':
        yield* this.#endReasoning(event);
        return;
      case 'citation':
        if (this.#open?.kind !== 'refusal') yield* this.#continue('text');
        yield this.#delta({ type: 'citations_delta', citation: toWireCitation(event.citation) });
        return;
      case 'tool-call-start':
        yield* this.#start({ kind: 'call', call: event.index, tool: event.kind, sent: '' }, toolUseBlock(event, {}));
        return;
      case 'tool-call-delta':
        yield* this.#addInput(event.arguments);
        return;
      case 'tool-call-end':
        yield* this.#endCall(event.call);
        return;
      case 'start':
      case 'finish':
        return;
      default:
        event satisfies never;
    }
  }

  *#writeWaiting(): Generator<RawMessageStreamEvent> {
    for (const event of this.#waiting.splice(0)) yield* this.write(event);
  }

  *#continue(kind: 'text' | 'refusal' | 'reasoning'): Generator<RawMessageStreamEvent> {
    if (this.#open?.kind === kind) return;
    yield* this.#start(
      { kind },
      kind === 'reasoning' ? { type: 'thinking', thinking: '', signature: '' } : textBlock(''),
    );
  }

  *#start(open: OpenBlock, block: AnswerBlock): Generator<RawMessageStreamEvent> {
    yield* this.#close();
    this.#index += 1;
    this.#open = open;
    yield { type: 'content_block_start', index: this.#index, content_block: block };
  }

  *#close(): Generator<RawMessageStreamEvent> {
    this.#thought = '';
    if (!this.#open) return;
    this.#open = undefined;
    yield { type: 'content_block_stop', index: this.#index };
  }

  *#think(text: string): Generator<RawMessageStreamEvent> {
    if (this.#options.showsThinking) {
      yield* this.#continue('reasoning');
      yield this.#delta({ type: 'thinking_delta', thinking: text });
    } else if (this.#thought === '') {
      yield* this.#close();
    }
    this.#thought += text;
  }

  *#endReasoning(event: Extract<StreamEvent, { type: 'reasoning-end' }>): Generator<RawMessageStreamEvent> {
    const block = reasoningBlock({ ...event, text: this.#thought }, this.#options);
    if (block?.type === 'redacted_thinking') {
      yield* this.#start({ kind: 'reasoning' }, block);
    } else if (block) {
      yield* this.#continue('reasoning');
      yield this.#delta({ type: 'signature_delta', signature: block.signature });
    }
    yield* this.#close();
  }

  *#addInput(text: string): Generator<RawMessageStreamEvent> {
    if (this.#open?.kind !== 'call' || text === '') return;
    const { tool, sent } = this.#open;
    this.#open.sent += text;
    // A custom tool's text becomes a field of an object, in pieces like any other input.
    const json = tool === 'custom' ? `${sent === '' ? '{"input":"' : ''}${JSON.stringify(text).slice(1, -1)}` : text;
    yield this.#delta({ type: 'input_json_delta', partial_json: json });
  }

  *#endCall(call: ToolCall): Generator<RawMessageStreamEvent> {
    if (this.#open?.kind !== 'call') return;
    const { tool, sent } = this.#open;
    if (sent === '') {
      yield this.#delta({ type: 'input_json_delta', partial_json: inputText(call) });
    } else {
      if (call.arguments.startsWith(sent)) yield* this.#addInput(call.arguments.slice(sent.length));
      if (tool === 'custom') yield this.#delta({ type: 'input_json_delta', partial_json: '"}' });
    }
    yield* this.#close();
  }

  #delta(delta: RawContentBlockDelta): RawMessageStreamEvent {
    return { type: 'content_block_delta', index: this.#index, delta };
  }
}
