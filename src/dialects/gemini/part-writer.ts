import { GatewayError } from '../../core/error.ts';
import type { ReasoningPart } from '../../core/message.ts';
import type { ToolCall } from '../../core/tool.ts';
import { isObject } from '../read.ts';
import { sealReasoning } from '../reasoning-seal.ts';

/** A part of an answer. */
export interface AnswerPart {
  text?: string;
  thought?: true;
  functionCall?: { id: string; name: string; args: Record<string, unknown> };
  /** Proves the thoughts before this part, which clients send back with it: see `reasoning-seal.ts`. */
  thoughtSignature?: string;
  /** The text is a refusal: the API has no other place to say so. */
  partMetadata?: { refusal: true };
}

/**
 * Writes the parts of one answer. A signature stands with what comes after the thoughts: most clients keep it there, and
 * few keep the thoughts.
 */
export class PartWriter {
  readonly #includeThoughts: boolean;
  #signature: string | undefined;

  constructor(options: { includeThoughts: boolean }) {
    this.#includeThoughts = options.includeThoughts;
  }

  *text(text: string): Generator<AnswerPart> {
    if (text !== '') yield this.#signed({ text });
  }

  *refusal(text: string): Generator<AnswerPart> {
    if (text !== '') yield this.#signed({ text, partMetadata: { refusal: true } });
  }

  *thought(text: string): Generator<AnswerPart> {
    if (text === '' || !this.#includeThoughts) return;
    if (this.#signature !== undefined) yield this.rest();
    yield { text, thought: true };
  }

  /** Thoughts have ended. */
  *seal({ text, origin, signature, encrypted }: ReasoningPart): Generator<AnswerPart> {
    const seal = sealReasoning({ origin, signature, encrypted, text });
    if (seal === undefined) return;
    if (this.#signature !== undefined) yield this.rest();
    this.#signature = seal;
  }

  *call({ kind, id, name, arguments: text }: ToolCall): Generator<AnswerPart> {
    const args = kind === 'custom' ? { input: text } : parseArguments(text);
    yield this.#signed({ functionCall: { id, name, args } });
  }

  /** The last part, empty but for a signature that nothing else came to carry. */
  rest(): AnswerPart {
    return this.#signed({ text: '' });
  }

  #signed(part: AnswerPart): AnswerPart {
    if (this.#signature === undefined) return part;
    const thoughtSignature = this.#signature;
    this.#signature = undefined;
    return { ...part, thoughtSignature };
  }
}

function parseArguments(text: string): Record<string, unknown> {
  try {
    const args: unknown = JSON.parse(text || '{}');
    if (isObject(args)) return args;
  } catch {
    // Told below.
  }
  throw new GatewayError('provider-failed', 'The model called a function with arguments that are no JSON object.');
}
