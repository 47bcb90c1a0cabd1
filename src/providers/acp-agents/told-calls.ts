import { isDeepStrictEqual } from 'node:util';
import type { NativeCall } from '../acp/agent.ts';
import type { SessionUpdate } from '../acp/wire.ts';
import type { ToolNames } from '../tool-names.ts';
import { callersTool } from './callers-tool.ts';

/** Ids that other programs take too. */
const usable = /^[A-Za-z0-9_-]{8,60}$/;

interface ToldCall {
  id: string;
  /** The tool's name on the caller's side. */
  name: string;
  given: unknown;
  running: boolean;
  taken: boolean;
}

/** What an agent tells of its calls of the caller's tools, beside making them. */
export class ToldCalls {
  #names: ToolNames;
  #calls = new Map<string, ToldCall>();

  constructor(names: ToolNames) {
    this.#names = names;
  }

  /** How many it says that it is making at the moment. */
  get running(): number {
    return [...this.#calls.values()].filter(({ running }) => running).length;
  }

  observe(update: SessionUpdate): void {
    if (!update.sessionUpdate.startsWith('tool_call')) return;
    const { toolCallId: id = '', status, rawInput } = update;
    const name = callersTool(update, this.#names);
    const call = this.#calls.get(id) ?? (name && { id, name, given: {}, running: false, taken: false });
    if (!call) return;
    this.#calls.set(id, call);
    if (rawInput !== undefined) call.given = rawInput;
    if (status !== undefined) call.running = status === 'in_progress';
  }

  /** The calls with the ids that the agent has for them, where it tells. */
  named(calls: readonly NativeCall[]): NativeCall[] {
    return calls.map((call) => {
      const told = [...this.#calls.values()].find(
        ({ name, given, taken }) => !taken && name === call.name && isDeepStrictEqual(given, call.arguments),
      );
      if (told === undefined) return call;
      told.taken = true;
      told.running = false;
      return usable.test(told.id) ? { ...call, id: told.id } : call;
    });
  }
}
