import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { GenerateRequest } from '../../core/request.ts';
import type { Conclusion, Ending, NativeCall, NativeSession } from '../acp/agent.ts';
import type { AgentProcess } from '../acp/agent-process.ts';
import type { ContentBlock, SessionUpdate } from '../acp/wire.ts';
import type { ToolNames } from '../tool-names.ts';
import { nextPrompt, wholePrompt } from './flatten.ts';
import type { AcpAgentModels } from './models.ts';
import type { NewSession } from './new-session.ts';
import { ToldCalls } from './told-calls.ts';
import { SessionUsage } from './usage.ts';

/** A call comes over HTTP, what was said before it over standard output: so long nothing may come before it is told. */
const quietMs = 30;
/** How long a call that the agent says it makes may take to arrive. */
const longestWaitMs = 1_000;

export interface ConversationOptions {
  session: NewSession;
  models: AcpAgentModels;
  names: ToolNames;
  request: GenerateRequest;
  /** Whether an answer may hold more than one tool call. */
  parallel: boolean;
}

/** A conversation in one session of an agent. */
export class Conversation implements NativeSession {
  readonly process: AgentProcess;
  readonly id: string;
  readonly prompt: ContentBlock[];
  readonly replayed = 0;
  #session: NewSession;
  #models: AcpAgentModels;
  #request: GenerateRequest;
  #parallel: boolean;
  #usage = new SessionUsage();
  #heardAt = 0;
  #calls: ToldCalls;

  /** Puts the settings of the request in place. */
  static async begin(options: ConversationOptions): Promise<Conversation> {
    const conversation = new Conversation(options);
    await conversation.#settle(options.request);
    return conversation;
  }

  private constructor({ session, models, names, request, parallel }: ConversationOptions) {
    this.process = session.lease.process;
    this.id = session.id;
    this.prompt = wholePrompt(request, names);
    this.#session = session;
    this.#models = models;
    this.#calls = new ToldCalls(names);
    this.#request = request;
    this.#parallel = parallel;
  }

  async continueWith(request: GenerateRequest, known: number): Promise<ContentBlock[] | undefined> {
    const added = request.messages.slice(known);
    // Results of calls that do not wait any more can only be told as history.
    if (added.some(({ role }) => role === 'tool' || role === 'assistant')) return undefined;
    await this.#settle(request);
    return nextPrompt(added, request);
  }

  async resumeWith(request: GenerateRequest): Promise<boolean> {
    // The prompt is under way: what it was asked with stays.
    const { model, effort, outputFormat } = this.#request;
    const isSame = isDeepStrictEqual(
      [request.model, request.effort, request.outputFormat],
      [model, effort, outputFormat],
    );
    if (isSame) this.#request = request;
    return isSame;
  }

  observe(update: SessionUpdate): void {
    this.#heardAt = performance.now();
    this.#usage.observe(update);
    this.#calls.observe(update);
    if (update.configOptions) this.#session.settings.learn(update.configOptions);
    if (update.sessionUpdate === 'usage_update' && update.size) {
      this.#models.learnWindow(this.#request.model, update.size);
    }
  }

  async conclude(ending: Ending, calls: { waiting: readonly NativeCall[] }): Promise<Conclusion> {
    if ('result' in ending) return { usage: this.#usage.take(ending.result) };
    const since = performance.now();
    this.#heardAt = since;
    const isQuiet = () => performance.now() - this.#heardAt > quietMs && calls.waiting.length >= this.#calls.running;
    while (!isQuiet() && performance.now() - since < longestWaitMs) await sleep(5);
    const isSingle = !this.#parallel || this.#request.parallelToolCalls === false;
    return { usage: this.#usage.take(), calls: this.#calls.named(isSingle ? [ending.call] : calls.waiting) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  async #settle(request: GenerateRequest): Promise<void> {
    this.#request = request;
    await this.#session.settings.chooseModel(this.#models.native(request.model));
    await this.#session.settings.chooseEffort(request.effort);
  }
}
