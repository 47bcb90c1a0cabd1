import { GatewayError } from '../../core/error.ts';
import type { FinishReason, StreamEvent } from '../../core/event.ts';
import type { Usage } from '../../core/usage.ts';
import { findCitations } from '../citations.ts';
import type { ToolNames } from '../tool-names.ts';
import { origin } from './prompt.ts';
import type { ContentBlock, ModelEvent, NativeUsage, OutputLine, ResultLine } from './wire.ts';

type OpenBlock =
  | { kind: 'text' }
  | { kind: 'thinking'; signature: string }
  | { kind: 'call'; index: number; id: string; name: string; arguments: string }
  | { kind: 'hidden' };

/**
 * Turns one turn's lines into events. Calls of tools that are not the caller's (the CLI's own web tools, names that the
 * model made up) stay between the model and the CLI.
 */
export class Translator {
  #names: ToolNames;
  #answerAs: (native: string) => string;
  #blocks = new Map<number, OpenBlock>();
  #calls = 0;
  #text = '';
  #started = false;
  #hiddenCall = false;
  #stopReason: string | undefined;
  #stopSequence: string | undefined;
  /** Something of the answer is out. */
  #said = false;
  /** The CLI has said that the turn failed: its result tells why. */
  #failing = false;
  #sources = new Map<string, string>();
  #spent: NativeUsage = {};
  #message: NativeUsage = {};
  #finished = false;

  constructor(options: { names: ToolNames; answerAs: (native: string) => string }) {
    this.#names = options.names;
    this.#answerAs = options.answerAs;
  }

  /** True once the finish has been said: what still comes is no part of the answer. */
  get finished(): boolean {
    return this.#finished;
  }

  *line(line: OutputLine): Generator<StreamEvent> {
    if (line.type === 'stream_event') {
      if (line.parent_tool_use_id) return;
      for (const event of this.#event(line.event)) {
        this.#said ||= event.type !== 'start';
        yield event;
      }
    } else if (line.type === 'assistant') {
      this.#failing ||= line.error !== undefined;
    } else if (line.type === 'user') {
      this.#rememberSources(line.tool_use_result);
    }
  }

  /** The end of a turn that went well. `costUsd` is this turn's own. */
  *end(result: ResultLine, costUsd: number | undefined): Generator<StreamEvent> {
    const reason = finishReason(this.#stopReason ?? result.stop_reason ?? undefined, this.#calls);
    yield* this.#finish(reason, usageOf(result.usage ?? this.#total(), costUsd));
  }

  *#event(event: ModelEvent): Generator<StreamEvent> {
    switch (event.type) {
      case 'message_start':
        this.#blocks.clear();
        this.#stopReason = undefined;
        this.#message = event.message.usage ?? {};
        if (!this.#started) yield { type: 'start', model: this.#answerAs(event.message.model ?? '') };
        this.#started = true;
        return;
      case 'content_block_start':
        yield* this.#open(event.index, event.content_block);
        return;
      case 'content_block_delta':
        yield* this.#delta(this.#blocks.get(event.index), event.delta);
        return;
      case 'content_block_stop':
        yield* this.#close(this.#blocks.get(event.index));
        this.#blocks.delete(event.index);
        return;
      case 'message_delta':
        this.#stopReason = event.delta.stop_reason ?? undefined;
        this.#stopSequence = event.delta.stop_sequence ?? undefined;
        this.#message = { ...this.#message, ...event.usage };
        this.#spent = this.#total();
        this.#message = {};
        // The CLI would ask the model to go on: the answer ends here instead.
        if (this.#stopReason === 'max_tokens') yield* this.#finish('length', usageOf(this.#spent, undefined));
        return;
      case 'message_stop':
        // The CLI would ask the model to pick up its cut-off text: two answers glued together. While nothing is said, it
        // only asks the same again.
        if (this.#stopReason === undefined && this.#said && !this.#failing) {
          throw new GatewayError('upstream-unavailable', 'The model API broke off in the middle of the answer.');
        }
        return;
      default:
        return;
    }
  }

  *#open(index: number, block: ContentBlock): Generator<StreamEvent> {
    if (block.type === 'text') {
      // Text before and after a web search are two paragraphs of one answer.
      if (this.#hiddenCall && this.#text !== '' && !this.#text.endsWith('\n')) yield* this.#say('\n\n');
      this.#hiddenCall = false;
      this.#blocks.set(index, { kind: 'text' });
      if (block.text) yield* this.#say(block.text);
      return;
    }
    if (block.type === 'thinking') {
      this.#blocks.set(index, { kind: 'thinking', signature: '' });
      if (block.thinking) yield { type: 'reasoning-delta', text: block.thinking };
      return;
    }
    if (block.type === 'redacted_thinking') {
      yield { type: 'reasoning-end', encrypted: block.data ?? '', origin };
      return;
    }
    const name = block.type === 'tool_use' ? this.#names.caller(block.name ?? '') : undefined;
    if (name === undefined) {
      this.#hiddenCall = true;
      this.#blocks.set(index, { kind: 'hidden' });
      return;
    }
    const call = { kind: 'call' as const, index: this.#calls, id: block.id ?? '', name, arguments: '' };
    this.#calls += 1;
    this.#blocks.set(index, call);
    yield { type: 'tool-call-start', index: call.index, kind: 'function', id: call.id, name };
  }

  *#delta(block: OpenBlock | undefined, delta: Extract<ModelEvent, { type: 'content_block_delta' }>['delta']) {
    if (block?.kind === 'text' && delta.text) {
      yield* this.#say(delta.text);
    } else if (block?.kind === 'thinking') {
      if (delta.signature) block.signature += delta.signature;
      if (delta.thinking) yield { type: 'reasoning-delta', text: delta.thinking } satisfies StreamEvent;
    } else if (block?.kind === 'call' && delta.partial_json) {
      block.arguments += delta.partial_json;
      yield { type: 'tool-call-delta', index: block.index, arguments: delta.partial_json } satisfies StreamEvent;
    }
  }

  *#close(block: OpenBlock | undefined): Generator<StreamEvent> {
    if (block?.kind === 'thinking') {
      yield { type: 'reasoning-end', origin, ...(block.signature !== '' && { signature: block.signature }) };
    } else if (block?.kind === 'call') {
      const { index, id, name } = block;
      const text = block.arguments === '' ? '{}' : block.arguments;
      if (!isJson(text)) {
        throw new GatewayError('provider-failed', `The model called ${name} with arguments that are not JSON.`);
      }
      yield { type: 'tool-call-end', index, call: { kind: 'function', id, name, arguments: text } };
    }
  }

  *#say(text: string): Generator<StreamEvent> {
    this.#text += text;
    yield { type: 'text-delta', text };
  }

  *#finish(reason: FinishReason, usage: Usage): Generator<StreamEvent> {
    if (this.#finished) return;
    this.#finished = true;
    const sources = [...this.#sources].map(([url, title]) => ({ url, title }));
    for (const citation of findCitations(this.#text, sources)) yield { type: 'citation', citation };
    yield { type: 'finish', reason, usage, ...(this.#stopSequence && { stopSequence: this.#stopSequence }) };
  }

  #total(): NativeUsage {
    const sum = (key: 'input_tokens' | 'output_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens') =>
      (this.#spent[key] ?? 0) + (this.#message[key] ?? 0);
    return {
      input_tokens: sum('input_tokens'),
      output_tokens: sum('output_tokens'),
      cache_creation_input_tokens: sum('cache_creation_input_tokens'),
      cache_read_input_tokens: sum('cache_read_input_tokens'),
      output_tokens_details: this.#message.output_tokens_details ?? this.#spent.output_tokens_details,
    };
  }

  #rememberSources(result: unknown): void {
    const found = result as { results?: unknown[]; url?: unknown } | null | undefined;
    if (typeof found !== 'object' || found === null) return;
    if (typeof found.url === 'string') this.#sources.set(found.url, found.url);
    if (!Array.isArray(found.results)) return;
    for (const entry of found.results) {
      const pages = (entry as { content?: unknown } | null)?.content;
      if (!Array.isArray(pages)) continue;
      for (const page of pages as { url?: unknown; title?: unknown }[]) {
        if (typeof page.url !== 'string') continue;
        this.#sources.set(page.url, typeof page.title === 'string' ? page.title : page.url);
      }
    }
  }
}

function finishReason(stopReason: string | undefined, calls: number): FinishReason {
  if (stopReason === 'refusal') return 'content-filter';
  if (stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded') return 'length';
  return calls > 0 ? 'tool-calls' : 'stop';
}

function usageOf(native: NativeUsage, costUsd: number | undefined): Usage {
  const cacheReadTokens = native.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = native.cache_creation_input_tokens ?? 0;
  return {
    inputTokens: (native.input_tokens ?? 0) + cacheReadTokens + cacheWriteTokens,
    outputTokens: native.output_tokens ?? 0,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: native.output_tokens_details?.thinking_tokens ?? 0,
    ...(costUsd !== undefined && { costUsd }),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
