import { CompletionBuilder } from '../../core/completion.ts';
import type { AssistantMessage } from '../../core/message.ts';
import { invalid } from '../read.ts';
import { openReasoningSeal, type ReasoningSeal } from '../reasoning-seal.ts';
import { type Field, items } from './fields.ts';
import type { FunctionCalls } from './function-calls.ts';
import { codeText, readPart, textOf, type WirePart } from './part.ts';

/** Whose models sign thoughts in this API, where it is not one of ours that did. */
const apiOrigin = 'google';
/** What clients send where the API wants a signature and they have none. */
const noSignature = new Set(['', 'skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']);

/**
 * One turn of the model, which may come as several contents, each with as many parts as its stream had: put together as
 * the answer was, so that it is known again.
 */
export class ModelTurn {
  readonly #calls: FunctionCalls;
  readonly #builder = new CompletionBuilder();
  /** Where each of its calls stands in the caller's body. */
  readonly callsAt: string[] = [];

  constructor(calls: FunctionCalls) {
    this.#calls = calls;
    calls.begin();
  }

  get message(): AssistantMessage {
    return this.#builder.message;
  }

  add(parts: Field): void {
    for (const item of items(parts)) this.#addPart(readPart(item));
  }

  #addPart(part: WirePart): void {
    if (part.signature !== undefined && !noSignature.has(part.signature)) {
      this.#seal(openReasoningSeal(part.signature) ?? { origin: apiOrigin, signature: part.signature });
    }
    switch (part.kind) {
      case 'text':
        this.#addText(part);
        return;
      case 'functionCall':
        this.#builder.add({ type: 'tool-call-end', index: 0, call: this.#calls.read(part.content) });
        this.callsAt.push(part.content.at);
        return;
      case 'executableCode':
      case 'codeExecutionResult':
        this.#builder.add({ type: 'text-delta', text: codeText(part.content.value) });
        return;
      case 'functionResponse':
      case 'inlineData':
      case 'fileData':
        throw invalid(part.content.at, 'is nothing that a turn of the model can hold');
      // Searches and the like that the API ran by itself, whose results are in the text.
      case 'toolCall':
      case 'toolResponse':
      case undefined:
        return;
    }
  }

  #addText({ content: { value, at }, thought, refusal }: WirePart): void {
    const text = textOf(value, at);
    if (text === '') return;
    if (thought) this.#builder.add({ type: 'reasoning-delta', text });
    else this.#builder.add({ type: refusal ? 'refusal-delta' : 'text-delta', text });
  }

  /** A seal stands with what follows the thoughts. Not every client keeps these, so it brings them along. */
  #seal({ text, ...seal }: ReasoningSeal): void {
    const last = this.message.content.at(-1);
    const kept = last?.type === 'reasoning' && last.origin === undefined ? last.text : '';
    // Thoughts that were changed are no longer those that were signed.
    if (text && kept && kept !== text) return;
    if (text && kept === '') this.#builder.add({ type: 'reasoning-delta', text });
    this.#builder.add({ type: 'reasoning-end', ...seal });
  }
}
