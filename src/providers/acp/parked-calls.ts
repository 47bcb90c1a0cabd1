import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Message } from '../../core/message.ts';
import type { McpCall } from '../../tool-bridge/http-door.ts';
import { type McpResult, toMcpResult } from '../../tool-bridge/mcp-result.ts';
import type { NativeCall } from './agent.ts';
import type { CallerCall } from './translate.ts';

interface Waiting {
  call: NativeCall;
  resolve(result: McpResult): void;
  reject(error: Error): void;
}

interface Announced {
  id: string;
  call: NativeCall;
  result?: McpResult;
}

/**
 * The calls of one native session that wait for the caller's results. An agent may make known all calls of a turn but
 * run them one after the other: what the caller has answered already is handed over as each of them comes.
 */
export class ParkedCalls {
  #announced: Announced[] = [];
  #waiting: Waiting[] = [];
  readonly #onCall: (call: NativeCall) => void;

  /** `onCall` is told of every call that the caller has to be asked about. */
  constructor(onCall: (call: NativeCall) => void) {
    this.#onCall = onCall;
  }

  /** A call arrives; settles when its result is there. */
  arrive({ name, arguments: given, signal }: McpCall): Promise<McpResult> {
    const call = { name, arguments: given };
    const answered = this.#take(call);
    if (answered?.result !== undefined) return Promise.resolve(answered.result);
    const { promise, resolve, reject } = Promise.withResolvers<McpResult>();
    this.#waiting.push({ call, resolve, reject });
    signal.addEventListener('abort', () => reject(new Error('the agent does not wait any more')), { once: true });
    this.#onCall(call);
    return promise;
  }

  /** Takes down what the caller is about to be told: these calls, or else those that have arrived. */
  announce(calls: readonly NativeCall[] | undefined): CallerCall[] {
    const all = calls ?? this.#waiting.map(({ call }) => call);
    this.#announced = all.map((call) => ({ id: call.id ?? `call_${randomUUID().replaceAll('-', '')}`, call }));
    return this.#announced.map(({ id, call }) => ({ id, name: call.name, arguments: call.arguments }));
  }

  /** Hands over the results; false when these messages are not just the results of all announced calls. */
  settle(messages: readonly Message[]): boolean {
    const results = new Map<string, McpResult>();
    for (const message of messages) {
      if (message.role !== 'tool') return false;
      results.set(message.callId, toMcpResult(message));
    }
    if (results.size !== this.#announced.length || this.#announced.some(({ id }) => !results.has(id))) return false;
    for (const announced of this.#announced) announced.result = results.get(announced.id);
    for (const waiting of this.#waiting.splice(0)) {
      const result = this.#take(waiting.call)?.result;
      if (result !== undefined) waiting.resolve(result);
      else this.#waiting.push(waiting);
    }
    return true;
  }

  /** Gives up all calls that wait. */
  drop(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the session is gone'));
    this.#announced = [];
  }

  /** The calls that wait for results. */
  get waiting(): readonly NativeCall[] {
    return this.#waiting.map(({ call }) => call);
  }

  /** The first call that still waits: one that came while the caller was thinking about another. */
  get next(): NativeCall | undefined {
    return this.#waiting[0]?.call;
  }

  /** Only the very same call: a result of another one would be a lie. */
  #take(call: NativeCall): Announced | undefined {
    const match = this.#announced.find(
      ({ result, call: { name, arguments: given } }) =>
        result !== undefined && name === call.name && isDeepStrictEqual(given, call.arguments),
    );
    if (match !== undefined) this.#announced.splice(this.#announced.indexOf(match), 1);
    return match;
  }
}
