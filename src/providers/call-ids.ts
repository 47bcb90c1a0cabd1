import { createHash } from 'node:crypto';

/** OpenAI takes ids of 64 characters at the most; room is left for the number of a repeated one. */
const accepted = /^[A-Za-z0-9_-]{1,60}$/;

/**
 * Tool call ids as a model's API takes them: other programs write characters that it refuses, or count from the start
 * again in every message. Ask in the order of the conversation: a result belongs to the latest call under its id.
 */
export class CallIds {
  #uses = new Map<string, number>();
  #aliased = new Set<string>();

  /** For a call. */
  call(id: string): string {
    const uses = (this.#uses.get(id) ?? 0) + 1;
    this.#uses.set(id, uses);
    const [, base] = /^(.+)_\d+$/.exec(id) ?? [];
    // Claude Code takes `x_2` beside `x` for one and the same call.
    if (base !== undefined && this.#uses.has(base)) this.#aliased.add(id);
    return this.#native(id, uses);
  }

  /** For the result of a call. */
  result(id: string): string {
    return this.#native(id, this.#uses.get(id) ?? 1);
  }

  #native(id: string, uses: number): string {
    const plain = accepted.test(id) && !this.#aliased.has(id) ? id : alias(id);
    return uses === 1 ? plain : `${plain}-${uses}`;
  }
}

function alias(id: string): string {
  return `call-${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;
}
