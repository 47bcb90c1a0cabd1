import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../../core/error.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { Channel } from '../../stream/channel.ts';
import { type HttpDoor, openHttpDoor } from '../../tool-bridge/http-door.ts';
import type { Loopback } from '../../tool-bridge/loopback.ts';
import type { ToolNames } from '../tool-names.ts';
import type { Agent, Conclusion, Ending, NativeCall, NativeSession } from './agent.ts';
import { orAborted } from './or-aborted.ts';
import { ParkedCalls } from './parked-calls.ts';
import { isReplayed } from './replay.ts';
import type { CallerCall } from './translate.ts';
import type { ContentBlock, PromptResult, SessionUpdate, ToolCallUpdate } from './wire.ts';

/** Agents give up a call that waits for ten minutes, and would go on with an error. */
const parkedMs = 5 * 60_000;
/** An agent that is cancelled while a call of it waits hears at the door, after this time, that nobody answers. */
const cutMs = 1_000;
/** An agent that takes longer to stop what has been cancelled does not listen any more. */
const cancelMs = 10_000;

/** What happens in a native session while a turn listens. */
export type Happening =
  | { type: 'update'; update: SessionUpdate }
  | { type: 'ended'; ending: Ending }
  | { type: 'concluded'; ending: Ending; conclusion: Conclusion };

interface BeginOptions {
  agent: Agent;
  loopback: Loopback;
  names: ToolNames;
  request: GenerateRequest;
  happenings: Channel<Happening>;
  signal: AbortSignal;
}

/** The turns of one native session: one prompt at a time, which may wait for the results of calls between two turns. */
export class NativeTurns implements AsyncDisposable {
  readonly native: NativeSession;
  #names: ToolNames;
  #parked: ParkedCalls;
  #door: HttpDoor | undefined;
  #happenings: Channel<Happening> | undefined;
  #prompting: Promise<void> | undefined;
  /** Of the prompt that is under way: settles when more than its first words are said, or with its end. */
  #more: (PromiseWithResolvers<void> & { chunks: number }) | undefined;
  #replayed: number;
  #concluding = false;
  #lost = false;
  #timer: NodeJS.Timeout | undefined;
  /** What was told of each call of a tool: a request for leave may only name the call. */
  #told = new Map<string, ToolCallUpdate>();
  #unlisten: () => void;

  /** Makes a native session and asks it. */
  static async begin({ agent, loopback, names, request, happenings, signal }: BeginOptions): Promise<NativeTurns> {
    let turns: NativeTurns | undefined;
    const parked = new ParkedCalls((call) => turns?.happen({ type: 'ended', ending: { call } }));
    const onCall = (call: Parameters<ParkedCalls['arrive']>[0]) =>
      parked.arrive({ ...call, name: names.caller(call.name) ?? call.name });
    const shown = { tools: names.tools, onCall };
    const opened = () => agent.takeDoor?.(shown) ?? openHttpDoor(loopback, shown);
    const door = names.tools.length === 0 ? undefined : await opened();
    try {
      const mcpServers = door ? [{ type: 'http' as const, name: agent.serverName, url: door.url, headers: [] }] : [];
      const native = await beginning(agent.begin(request, { names, mcpServers, signal }), signal);
      turns = new NativeTurns({ agent, native, names, parked, door });
    } catch (error) {
      door?.[Symbol.dispose]();
      throw error;
    }
    turns.#happenings = happenings;
    turns.#prompt(turns.native.prompt);
    return turns;
  }

  private constructor(options: {
    agent: Agent;
    native: NativeSession;
    names: ToolNames;
    parked: ParkedCalls;
    door: HttpDoor | undefined;
  }) {
    this.native = options.native;
    this.#names = options.names;
    this.#parked = options.parked;
    this.#door = options.door;
    this.#replayed = options.native.replayed;
    this.#unlisten = this.native.process.listen(this.native.id, {
      onUpdate: (update) => this.#take(update),
      allows: (call) => options.agent.isCallersTool({ ...this.#told.get(call.toolCallId), ...call }, this.#names),
    });
    this.native.watch?.({
      end: () => {
        this.#lost = true;
        this.happen({ type: 'ended', ending: { result: { stopReason: 'end_turn' } } });
      },
      fail: (error) => {
        this.#lost = true;
        this.#happenings?.fail(error);
      },
    });
  }

  /** Goes on with what is new in the request; false when everything has to be told anew. */
  async goOn(request: GenerateRequest, known: number, happenings: Channel<Happening>): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#lost || !this.native.process.alive) return false;
    const added = request.messages.slice(known);
    if (this.#prompting === undefined) {
      const prompt = await this.native.continueWith(request, known);
      if (prompt === undefined) return false;
      this.#happenings = happenings;
      this.#prompt(prompt);
      return true;
    }
    if (!(await this.native.resumeWith(request)) || !this.#parked.settle(added)) return false;
    this.#happenings = happenings;
    // One that came in the meantime is the next to be asked about: the model has nothing to say before.
    const { next } = this.#parked;
    if (next !== undefined) this.happen({ type: 'ended', ending: { call: next } });
    return true;
  }

  happen(happening: Happening): void {
    this.#happenings?.push(happening);
  }

  /** Waits until more than its first words are said, or the time is over; fails when the prompt does meanwhile. */
  async moreWords(ms: number): Promise<void> {
    await Promise.race([this.#more?.promise, sleep(ms)]);
  }

  /** Asks what is known of the model's turn that has ended; the answer is a happening too. */
  conclude(ending: Ending): void {
    // Calls that the agent runs at the same time end the turn once.
    if (this.#concluding) return;
    this.#concluding = true;
    const happenings = this.#happenings;
    this.native.conclude(ending, this.#parked).then(
      (conclusion) => happenings?.push({ type: 'concluded', ending, conclusion }),
      (error) => happenings?.fail(error),
    );
  }

  announce(calls: readonly NativeCall[] | undefined): CallerCall[] {
    return this.#parked.announce(calls);
  }

  /** Between turns: nobody listens, and what waits does not wait for ever. */
  rest(): void {
    this.#happenings = undefined;
    this.#concluding = false;
    if (this.#prompting === undefined) return;
    if (this.#lost) this.cancel();
    else this.#timer = setTimeout(() => this.cancel(), parkedMs).unref();
  }

  /** Ends the answer that is being made. */
  cancel(): void {
    this.#lost = true;
    if (this.#prompting !== undefined) this.native.process.notify('session/cancel', { sessionId: this.native.id });
  }

  /** Ends the answer where it is; comes back with what it has cost, where that is known. */
  async cutOff(): Promise<Conclusion> {
    this.#happenings = undefined;
    const conclusion = this.native.conclude({ result: { stopReason: 'cancelled' } }, this.#parked);
    await this[Symbol.asyncDispose]();
    return conclusion;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.cancel();
    // A call that waits is not answered: the agent would go on with what it is told.
    await this.#settledWithin(cutMs);
    this.#door?.[Symbol.dispose]();
    this.#parked.drop();
    await this.#settledWithin(cancelMs);
    if (this.#prompting !== undefined) this.native.process.stop();
    this.#unlisten();
    await this.native[Symbol.asyncDispose]();
  }

  async #settledWithin(timeoutMs: number): Promise<void> {
    if (this.#prompting !== undefined)
      await Promise.race([this.#prompting, sleep(timeoutMs, undefined, { ref: false })]);
  }

  #prompt(prompt: ContentBlock[]): void {
    const answer = this.native.process.request('session/prompt', { sessionId: this.native.id, prompt });
    const more = Promise.withResolvers<void>();
    more.promise.catch(() => {});
    this.#more = { ...more, chunks: 0 };
    this.#prompting = answer.then(
      (result) => this.#finished(result as PromptResult),
      (error) => {
        this.#prompting = undefined;
        this.#lost = true;
        more.reject(error);
        this.#happenings?.fail(error);
      },
    );
  }

  #finished(result: PromptResult): void {
    this.#more?.resolve();
    this.#prompting = undefined;
    // Over while a call of the caller's waited, or cut off by somebody else: what the agent holds now is unknown.
    if (this.#happenings === undefined) this.#lost = true;
    if (result.stopReason === 'cancelled') {
      this.#happenings?.fail(new GatewayError('provider-failed', 'The answer was cut off.'));
    } else {
      this.happen({ type: 'ended', ending: { result } });
    }
  }

  #take(update: SessionUpdate): void {
    if (this.#replayed > 0) {
      if (isReplayed(update)) this.#replayed -= 1;
      return;
    }
    if (update.sessionUpdate === 'tool_call' && update.toolCallId !== undefined) {
      this.#told.set(update.toolCallId, update as ToolCallUpdate);
    }
    if (update.sessionUpdate === 'agent_message_chunk' && this.#more !== undefined) {
      this.#more.chunks += 1;
      if (this.#more.chunks > 1) this.#more.resolve();
    }
    this.native.observe?.(update);
    this.happen({ type: 'update', update });
  }
}

/** The native session, or the abort: one that comes too late is disposed of. */
async function beginning(native: Promise<NativeSession>, signal: AbortSignal): Promise<NativeSession> {
  try {
    return await orAborted(native, signal);
  } catch (error) {
    native.then(
      (late) => late[Symbol.asyncDispose](),
      () => {},
    );
    throw error;
  }
}
