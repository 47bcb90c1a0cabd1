import { GatewayError } from '../../core/error.ts';
import type { FinishReason, StreamEvent } from '../../core/event.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { Channel } from '../../stream/channel.ts';
import type { Loopback } from '../../tool-bridge/loopback.ts';
import type { Session } from '../provider.ts';
import { ToolNames } from '../tool-names.ts';
import type { Agent, Conclusion, Ending } from './agent.ts';
import { type Happening, NativeTurns } from './native-turns.ts';
import { Translator } from './translate.ts';
import type { PromptResult } from './wire.ts';

export interface AcpSessionOptions {
  agent: Agent;
  loopback: Loopback;
  /** When the session is over, whatever ended it. */
  onClosed?: () => void | Promise<void>;
}

/**
 * One conversation in an agent. A native session that holds its beginning makes a turn faster; where there is none, or
 * it cannot go on, a new one is told everything.
 */
export class AcpSession implements Session {
  readonly exited: Promise<string>;
  #options: AcpSessionOptions;
  #turns: NativeTurns | undefined;
  #busy = false;
  #closed: Promise<void> | undefined;
  #settleExit: (reason: string) => void = () => {};

  constructor(options: AcpSessionOptions) {
    this.#options = options;
    this.exited = new Promise((resolve) => {
      this.#settleExit = resolve;
    });
  }

  get usable(): boolean {
    return !this.#busy && this.#closed === undefined;
  }

  async *turn(asked: GenerateRequest, { known }: { known: number }, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    if (!this.usable) throw new GatewayError('provider-failed', 'This session cannot take another turn.');
    if (signal.aborted) throw GatewayError.from(signal.reason);
    this.#busy = true;
    const request = this.#options.agent.prepare?.(asked) ?? asked;
    let reason = 'was left in the middle of an answer';
    const happenings = new Channel<Happening>();
    const abort = () => {
      happenings.fail(signal.reason);
      this.#turns?.cancel();
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      yield* this.#answer(request, known, happenings, signal);
      reason = '';
    } catch (error) {
      reason = `failed: ${error}`;
      if (signal.aborted) throw GatewayError.from(signal.reason);
      if (error instanceof GatewayError) throw error;
      throw this.#options.agent.toGatewayError(error, this.#turns?.native.process);
    } finally {
      signal.removeEventListener('abort', abort);
      this.#turns?.rest();
      this.#busy = false;
      // Anything but a clean end leaves the agent in a state that nobody has proven.
      if (reason !== '') this.#close(reason).catch(() => {});
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close('was closed');
  }

  async *#answer(
    request: GenerateRequest,
    known: number,
    happenings: Channel<Happening>,
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent> {
    const { agent } = this.#options;
    const goesOn = known > 0 && (await this.#turns?.goOn(request, known, happenings)) === true;
    if (!goesOn) await this.#begin(request, happenings, signal);
    const turns = this.#turns as NativeTurns;
    const translator = new Translator({
      origin: agent.origin,
      stops: agent.cutsStops ? (request.stop ?? []) : [],
      undressThought: agent.undressThought?.bind(agent),
    });
    yield { type: 'start', model: request.model };
    let { firstWordsMs } = agent;
    for await (const happening of happenings) {
      if (happening.type === 'update') {
        if (firstWordsMs !== undefined && happening.update.sessionUpdate === 'agent_message_chunk') {
          await turns.moreWords(firstWordsMs);
          firstWordsMs = undefined;
        }
        yield* translator.update(happening.update);
        if (translator.stopSequence === undefined) continue;
        const { usage } = await turns.cutOff();
        this.#turns = undefined;
        yield* translator.finish({ reason: 'stop', usage });
        return;
      }
      if (happening.type === 'ended') {
        turns.conclude(happening.ending);
        continue;
      }
      const { ending, conclusion } = happening;
      const { answer, sources, usage } = conclusion;
      const calls = 'call' in ending && answer === undefined ? turns.announce(conclusion.calls) : [];
      const reason = answer === undefined ? finishReason(ending, conclusion) : 'stop';
      // The agent still waits for the result of a call that was none.
      if (answer !== undefined) await this.#drop();
      yield* translator.finish({ answer, calls, sources, reason, usage });
      return;
    }
  }

  async #begin(request: GenerateRequest, happenings: Channel<Happening>, signal: AbortSignal): Promise<void> {
    await this.#drop();
    const functions = request.tools.filter((tool): tool is FunctionTool => tool.kind === 'function');
    const { agent, loopback } = this.#options;
    const names = agent.nameTools?.(functions) ?? new ToolNames(functions);
    this.#turns = await NativeTurns.begin({ agent, loopback, names, request, happenings, signal });
  }

  async #drop(): Promise<void> {
    const turns = this.#turns;
    this.#turns = undefined;
    await turns?.[Symbol.asyncDispose]();
  }

  #close(reason: string): Promise<void> {
    this.#closed ??= this.#release().finally(() => this.#settleExit(reason));
    return this.#closed;
  }

  async #release(): Promise<void> {
    try {
      await this.#turns?.[Symbol.asyncDispose]();
    } finally {
      await this.#options.onClosed?.();
    }
  }
}

function finishReason(ending: Ending, { reason }: Conclusion): FinishReason {
  if (reason !== undefined) return reason;
  return 'call' in ending ? 'tool-calls' : (stopReasons[ending.result.stopReason] ?? 'stop');
}

const stopReasons: Record<PromptResult['stopReason'], FinishReason> = {
  max_tokens: 'length',
  max_turn_requests: 'length',
  refusal: 'content-filter',
};
