import { z } from 'zod';
import type { ToolCall } from '../../core/tool.ts';
import { anyObject, checkNesting, read } from '../read.ts';
import { below, type Field, fields } from './fields.ts';

const wireCall = fields({ id: z.string().nullish(), name: z.string().min(1), args: anyObject.nullish() });

interface OpenCall {
  id: string;
  name: string;
}

/**
 * The calls of a conversation and which of them wait for their response. Clients may leave the ids out, of the calls, of
 * the responses or of both: a call gets one that is the same in every request of the conversation, and a response goes
 * by the name of its function, in order.
 */
export class FunctionCalls {
  #open: OpenCall[] = [];
  #unnamed = 0;

  /** A new turn of the model begins: what was asked before it can no longer be answered. */
  begin(): void {
    this.#open = [];
  }

  read({ value, at }: Field): ToolCall {
    const { id, name, args } = read(wireCall, value, at);
    if (args) checkNesting(args, below(at, 'args'));
    if (!id) this.#unnamed += 1;
    const call = { id: id || `unnamed_call_${this.#unnamed}`, name };
    this.#open.push(call);
    return { kind: 'function', ...call, arguments: JSON.stringify(args ?? {}) };
  }

  /** The id of the call that a response answers; undefined where no open call fits. */
  answer(id: string | null | undefined, name: string | null | undefined): string | undefined {
    const byId = this.#open.findIndex((call) => id && call.id === id);
    const index = byId >= 0 ? byId : this.#open.findIndex((call) => call.name === name);
    return this.#open.splice(index, index < 0 ? 0 : 1)[0]?.id;
  }
}
