import { isDeepStrictEqual } from 'node:util';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { Message, ToolMessage } from '../../core/message.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { Session } from '../provider.ts';
import { toRequestError } from './failure.ts';
import { textItem, toItems, toToolAnswer } from './items.ts';
import { fits, type ReadyThread } from './ready-threads.ts';
import type { Thread, ThreadSettings, TurnSettings } from './thread.ts';
import { Translator } from './translate.ts';
import { planTurn, type TurnPlan } from './turn-plan.ts';
import type { Notice, TurnError } from './wire.ts';

export interface CodexSessionOptions {
  ready: ReadyThread;
  web: boolean;
  /** Another thread on the same server. */
  openThread: (settings: ThreadSettings) => Promise<Thread>;
  /** A thread for these settings in exchange for one that nobody has used. */
  exchange: (unfit: ReadyThread, settings: ThreadSettings) => Promise<Thread>;
  /** Told of the settings that a conversation begins with. */
  onBegin: (settings: ThreadSettings) => void;
  /** The id under which Codex knows a model. */
  nativeModel: (name: string) => string;
  /** The name to answer under, given the model's own. */
  answerAs: (native: string) => string;
  /** What a model's reasoning effort is where a turn names none. */
  defaultEffort: (native: string) => string | undefined;
  /** Whether the model calls tools out of scripts. */
  scripted: boolean;
  /** Whether summaries of the reasoning are asked for. */
  summary: () => TurnSettings['summary'];
  toError: (error: TurnError) => GatewayError;
}

/** What the thread holds beside messages, after a turn that went well. */
interface Held {
  plan: TurnPlan;
  /** The calls that wait for their results; none when the turn is over. */
  calls: ReadonlySet<string>;
  /** An earlier turn has named a reasoning effort, which would go on. */
  hasEffort: boolean;
}

/** One conversation in threads of an app-server: the one it has, or a new one that is told everything. */
export class CodexSession implements Session {
  readonly exited: Promise<string>;
  readonly #options: CodexSessionOptions;
  #thread: Thread;
  #held: Held | undefined;
  #busy = false;
  #spoilt = false;
  #settleExit: (reason: string) => void = () => {};

  constructor(options: CodexSessionOptions) {
    this.#options = options;
    this.exited = new Promise((resolve) => {
      this.#settleExit = resolve;
    });
    this.#thread = this.#attach(options.ready.thread);
  }

  get usable(): boolean {
    return this.#thread.alive && !this.#busy && !this.#spoilt;
  }

  async *turn(
    request: GenerateRequest,
    { known }: { known: number },
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent> {
    if (!this.usable) throw new GatewayError('provider-failed', 'This session cannot take another turn.');
    if (signal.aborted) throw GatewayError.from(signal.reason);
    this.#busy = true;
    let clean = false;
    const abort = () => {
      this.#thread.fail(signal.reason);
      void this.#thread.close();
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      clean = yield* this.#answer(request, known, signal);
    } catch (error) {
      if (signal.aborted) throw GatewayError.from(signal.reason);
      throw toRequestError(error);
    } finally {
      signal.removeEventListener('abort', abort);
      this.#busy = false;
      // Anything but a clean end leaves the thread in a state that nobody has proven.
      if (!clean) this.#spoilt = true;
      if (this.#spoilt) void this.#thread.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#spoilt = true;
    await this.#thread.close();
  }

  /** Gives the answer; returns whether the thread can take the conversation's next turn. */
  async *#answer(request: GenerateRequest, known: number, signal: AbortSignal): AsyncGenerator<StreamEvent, boolean> {
    const { nativeModel, answerAs, scripted, toError, web, summary } = this.#options;
    const model = nativeModel(request.model);
    const plan = planTurn(request, { model, web, summary: summary() });
    const added = request.messages.slice(known);
    const held = known > 0 ? this.#held : undefined;
    const hasEffort = (held?.hasEffort ?? false) || request.effort !== undefined;
    let notices: AsyncIterator<Notice>;
    if (held && this.#answersCalls(held, plan, added)) {
      for (const message of added) this.#thread.answer(message.callId, toToolAnswer(message));
      notices = this.#thread.read();
    } else {
      const goesOn = held !== undefined && this.#goesOn(held, plan);
      if (!goesOn) await this.#begin(plan, signal);
      const system = goesOn || !request.system ? [] : [textItem('developer', request.system)];
      const last = plan.instruction ? [textItem('developer', plan.instruction)] : [];
      await this.#thread.inject([...system, ...toItems(goesOn ? added : request.messages, plan.names), ...last]);
      signal.throwIfAborted();
      notices = this.#thread.read();
      const inherits = goesOn && held.hasEffort && plan.turn.effort === undefined;
      const effort = inherits ? this.#options.defaultEffort(model) : plan.turn.effort;
      await this.#thread.startTurn({ ...plan.turn, ...(effort !== undefined && { effort }) });
    }
    const translator = new Translator({ names: plan.names, model: answerAs(model), answerAs, scripted, toError });
    const calls = new Set<string>();
    for (;;) {
      const { value: notice, done } = await notices.next();
      if (done) throw new GatewayError('provider-failed', 'The answer ended before it was complete.');
      for (const event of translator.notice(notice)) {
        if (event.type === 'tool-call-end') calls.add(event.call.id);
        if (event.type !== 'finish') {
          yield event;
          continue;
        }
        void notices.return?.();
        this.#held = { plan, calls, hasEffort };
        const clean = event.reason === 'stop' || event.reason === 'tool-calls';
        this.#spoilt = !clean;
        yield event;
        return clean;
      }
    }
  }

  /** Whether what is new are the results of just those calls that wait, and the turn can go on as it was begun. */
  #answersCalls(held: Held, plan: TurnPlan, added: readonly Message[]): added is ToolMessage[] {
    return (
      held.calls.size > 0 &&
      added.length === held.calls.size &&
      added.every((message) => message.role === 'tool' && held.calls.has(message.callId)) &&
      held.plan.instruction === undefined &&
      plan.instruction === undefined &&
      isDeepStrictEqual([held.plan.thread, held.plan.turn], [plan.thread, plan.turn])
    );
  }

  /** Whether the thread can be told what is new. A thread that changes its model has its history summarised. */
  #goesOn(held: Held, plan: TurnPlan): boolean {
    const effortKnown =
      !held.hasEffort || plan.turn.effort !== undefined || this.#options.defaultEffort(plan.turn.model) !== undefined;
    return (
      held.calls.size === 0 &&
      held.plan.instruction === undefined &&
      effortKnown &&
      isDeepStrictEqual(held.plan.thread, plan.thread)
    );
  }

  /** Has a thread that holds nothing: the one that is ready if it was started like that, else a new one. */
  async #begin({ thread, instruction }: TurnPlan, signal: AbortSignal): Promise<void> {
    const { ready, openThread, exchange, onBegin } = this.#options;
    if (this.#held !== undefined) {
      void this.#thread.close();
      this.#thread = this.#attach(await openThread(thread));
    } else if (!fits(ready, thread)) {
      this.#thread = this.#attach(await exchange(ready, thread));
    }
    signal.throwIfAborted();
    if (instruction === undefined) onBegin(thread);
  }

  #attach(thread: Thread): Thread {
    void thread.gone.then((reason) => {
      if (this.#thread === thread) this.#settleExit(reason);
    });
    return thread;
  }
}
