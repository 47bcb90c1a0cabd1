import { GatewayError } from '../../core/error.ts';
import type { FinishReason, StreamEvent } from '../../core/event.ts';
import { addUsage, type Usage } from '../../core/usage.ts';
import type { ToolNames } from '../tool-names.ts';
import { citationOf } from './citation.ts';
import { incompleteReason } from './failure.ts';
import { origin } from './items.ts';
import type { Notice, ResponseItem, TokenUsage, TurnError } from './wire.ts';

/** Everything that an item of a turn may be here. Anything else is Codex acting by itself. */
const expectedItems = new Set([
  'userMessage',
  'agentMessage',
  'reasoning',
  'webSearch',
  'dynamicToolCall',
  'functionCallOutput',
]);

const brokeOff = 'The model API broke off in the middle of the answer.';

export interface TranslatorOptions {
  names: ToolNames;
  /** The name to answer under. */
  model: string;
  /** The name to answer under when the model API has given the request to another model. */
  answerAs: (native: string) => string;
  /** The model calls tools out of scripts: each call is known only when it is made. */
  scripted: boolean;
  toError: (error: TurnError) => GatewayError;
}

/**
 * Turns one turn's notices into events. Calls that are not the caller's (names that the model made up, arguments that
 * are no JSON) stay between the model and Codex, which answers them and asks the model again.
 */
export class Translator {
  readonly #options: TranslatorOptions;
  #model: string;
  #started = false;
  #finished = false;
  #text = '';
  /** Where in the answer's text each message begins, and how much of it has been said. */
  #messages = new Map<string, { start: number; said: number }>();
  /** Messages that have begun and not come whole. */
  #unfinished = new Set<string>();
  #thought = false;
  #calls = 0;
  #usage: Usage | undefined;

  constructor(options: TranslatorOptions) {
    this.#options = options;
    this.#model = options.model;
  }

  /** True once the finish has been said: what still comes is no part of the answer. */
  get finished(): boolean {
    return this.#finished;
  }

  *notice(notice: Notice): Generator<StreamEvent> {
    switch (notice.method) {
      case 'model/rerouted':
        this.#model = this.#options.answerAs(notice.params.toModel);
        return;
      case 'item/started':
        this.#begin(notice.params.item);
        return;
      case 'item/agentMessage/delta':
        yield* this.#say(notice.params.itemId, notice.params.delta);
        return;
      case 'item/completed': {
        const { type, id, text = '' } = notice.params.item;
        // A text that came without deltas.
        if (type === 'agentMessage') yield* this.#say(id, text.slice(this.#messages.get(id)?.said ?? 0));
        return;
      }
      case 'item/reasoning/summaryPartAdded':
        if (notice.params.summaryIndex > 0) yield* this.#think('\n\n');
        return;
      case 'item/reasoning/summaryTextDelta':
      case 'item/reasoning/textDelta':
        yield* this.#think(notice.params.delta);
        return;
      case 'rawResponseItem/completed':
        yield* this.#item(notice.params.item);
        return;
      case 'item/tool/call': {
        if (!this.#options.scripted) return;
        const { callId, tool, arguments: given } = notice.params;
        yield* this.#call(callId, tool, JSON.stringify(given));
        if (this.#calls > 0) yield* this.#finish('tool-calls');
        return;
      }
      case 'rawResponse/completed':
        this.#count(notice.params.usage);
        if (this.#calls > 0) yield* this.#finish('tool-calls');
        return;
      case 'warning':
        yield* this.#warning(notice.params.message);
        return;
      case 'error':
        // It would ask again, and say again what has been said.
        if (notice.params.willRetry && this.#started) throw new GatewayError('upstream-unavailable', brokeOff);
        return;
      case 'turn/completed':
        yield* this.#end(notice.params.turn);
        return;
    }
  }

  #begin({ type, id }: { type: string; id: string }): void {
    if (!expectedItems.has(type)) {
      throw new GatewayError('provider-failed', 'Codex did something that nobody asked it for.', { cause: type });
    }
    if (type !== 'agentMessage') return;
    this.#messages.set(id, { start: this.#text.length, said: 0 });
    this.#unfinished.add(id);
  }

  *#say(id: string, text: string): Generator<StreamEvent> {
    if (text === '') return;
    const message = this.#messages.get(id) ?? { start: this.#text.length, said: 0 };
    this.#messages.set(id, message);
    yield* this.#start();
    // Messages before and after a web search are paragraphs of one answer.
    if (message.said === 0 && this.#text !== '' && !this.#text.endsWith('\n')) yield this.#spoken('\n\n');
    if (message.said === 0) message.start = this.#text.length;
    message.said += text.length;
    yield this.#spoken(text);
  }

  #spoken(text: string): StreamEvent {
    this.#text += text;
    return { type: 'text-delta', text };
  }

  *#think(text: string): Generator<StreamEvent> {
    yield* this.#start();
    this.#thought = true;
    yield { type: 'reasoning-delta', text };
  }

  *#item(item: ResponseItem): Generator<StreamEvent> {
    if (item.type === 'reasoning') {
      const summary = item.summary.map(({ text }) => text).join('\n\n');
      if (!this.#thought && summary !== '') yield* this.#think(summary);
      if (this.#thought || item.encrypted_content) {
        yield* this.#start();
        yield { type: 'reasoning-end', origin, ...(item.encrypted_content && { encrypted: item.encrypted_content }) };
      }
      this.#thought = false;
    } else if (item.type === 'message' && item.role === 'assistant') {
      yield* this.#cite(item);
    } else if (item.type === 'function_call') {
      yield* this.#call(item.call_id, item.name, item.arguments);
    }
  }

  *#cite({ id = '', content }: Extract<ResponseItem, { type: 'message' }>): Generator<StreamEvent> {
    this.#unfinished.delete(id);
    const start = this.#messages.get(id)?.start;
    if (start === undefined) return;
    for (const part of content) {
      if (part.type !== 'output_text') continue;
      for (const annotation of part.annotations ?? []) {
        const citation = citationOf(annotation, part.text, start);
        if (citation) yield { type: 'citation', citation };
      }
    }
  }

  *#call(id: string, native: string, text: string): Generator<StreamEvent> {
    const name = this.#options.names.caller(native);
    if (name === undefined || !isJson(text)) return;
    yield* this.#start();
    const index = this.#calls;
    this.#calls += 1;
    yield { type: 'tool-call-start', index, kind: 'function', id, name };
    yield { type: 'tool-call-delta', index, arguments: text };
    yield { type: 'tool-call-end', index, call: { kind: 'function', id, name, arguments: text } };
  }

  *#warning(message: string): Generator<StreamEvent> {
    if (!this.#started || !/^Falling back from WebSockets/.test(message)) return;
    const reason = incompleteReason(message);
    if (reason === undefined) throw new GatewayError('upstream-unavailable', brokeOff, { cause: message });
    yield* this.#finish(reason);
  }

  *#end({ status, error }: { status: string; error: TurnError | null }): Generator<StreamEvent> {
    if (status === 'completed') {
      // A refusal is a part that Codex cannot read: a message that began and holds nothing.
      yield* this.#finish(this.#text === '' && this.#unfinished.size > 0 ? 'content-filter' : 'stop');
      return;
    }
    if (error === null) throw new GatewayError('provider-failed', 'Codex stopped in the middle of the answer.');
    const reason = incompleteReason(error.message);
    if (reason === undefined) throw this.#options.toError(error);
    yield* this.#finish(reason);
  }

  *#start(): Generator<StreamEvent> {
    if (this.#started) return;
    this.#started = true;
    yield { type: 'start', model: this.#model };
  }

  *#finish(reason: FinishReason): Generator<StreamEvent> {
    if (this.#finished) return;
    yield* this.#start();
    this.#finished = true;
    yield { type: 'finish', reason, usage: this.#usage ?? { inputTokens: 0, outputTokens: 0 } };
  }

  #count(native: TokenUsage | null): void {
    if (native === null) return;
    const usage: Usage = {
      inputTokens: native.inputTokens,
      outputTokens: native.outputTokens,
      cacheReadTokens: native.cachedInputTokens,
      cacheWriteTokens: native.cacheWriteInputTokens ?? 0,
      reasoningTokens: native.reasoningOutputTokens,
    };
    this.#usage = this.#usage ? addUsage(this.#usage, usage) : usage;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
