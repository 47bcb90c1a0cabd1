import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { Channel } from '../../stream/channel.ts';
import type { Session } from '../provider.ts';
import { ToolNames } from '../tool-names.ts';
import { worthTelling } from './announced-retry.ts';
import { toGatewayError } from './failure.ts';
import { earlier, initialize, question, turnSettings } from './input-lines.ts';
import type { ClaudeProcess } from './process.ts';
import { toNativeMessages } from './prompt.ts';
import { ToolGate } from './tool-gate.ts';
import { resumable } from './transcript.ts';
import { Translator } from './translate.ts';
import type { NativeMessage, OutputLine, RateLimitInfo, ResultLine } from './wire.ts';

/** Lines that may wait for a slow reader before the CLI is made to wait too. */
const waitingLines = 512;
/** How long the CLI may take to store one earlier message. */
const storeTimeoutMs = 20_000;
/** The CLI leaves a tool of this name out, whoever it belongs to. */
const reservedNames = ['Agent'];
/** With more earlier user messages than this, a session file is faster than telling them one by one. */
const toldMessages = 60;

export interface ClaudeSessionOptions {
  process: ClaudeProcess;
  web: boolean;
  /** Starts a process that already holds this conversation. */
  resume: (history: readonly NativeMessage[], model: string) => Promise<ClaudeProcess>;
  /** The id under which the CLI knows a model. */
  nativeModel: (name: string) => string;
  /** The name to answer under, given the model's own. */
  answerAs: (native: string) => string;
  /** Settings that the process has been told already. */
  settings: Record<string, unknown> | undefined;
  /** Told of the settings that a conversation begins with. */
  onBegin: (settings: Record<string, unknown>) => void;
  onRateLimit: (info: RateLimitInfo) => void;
  onResult: (result: ResultLine) => void;
}

/** One conversation in one `claude` process. What it held before a turn it still holds after it: turns only add. */
export class ClaudeSession implements Session {
  readonly exited: Promise<string>;
  #process: ClaudeProcess;
  #options: ClaudeSessionOptions;
  #names = new ToolNames([]);
  #gate: ToolGate;
  #busy = false;
  /** A turn did not end as it should: what the CLI holds now is not what the caller holds. */
  #spoilt = false;
  #settings: Record<string, unknown> | undefined;
  #costUsd = 0;
  #settleExit: (reason: string) => void = () => {};

  constructor(options: ClaudeSessionOptions) {
    this.#options = options;
    this.#process = options.process;
    this.#gate = new ToolGate({ names: this.#names, web: options.web });
    this.exited = new Promise((resolve) => {
      this.#settleExit = resolve;
    });
    this.#attach(options.process);
    this.#settings = options.settings;
  }

  get usable(): boolean {
    return this.#process.alive && !this.#busy && !this.#spoilt;
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
    const abort = () => this.#process.stop();
    signal.addEventListener('abort', abort, { once: true });
    try {
      yield* this.#answer(request, known, signal);
      clean = true;
    } catch (error) {
      throw signal.aborted ? GatewayError.from(signal.reason) : error;
    } finally {
      signal.removeEventListener('abort', abort);
      this.#process.onOutput = () => {};
      // What stands behind the result is not read any more: nor may it keep the next turn waiting.
      this.#process.setPaused(false);
      this.#busy = false;
      // Anything but a clean end leaves the CLI in a state that nobody has proven.
      if (!clean) this.#spoilt = true;
      if (this.#spoilt) this.#process.stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.end();
  }

  async *#answer(request: GenerateRequest, known: number, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    if (known === 0) this.#takeTools(request);
    const messages = toNativeMessages(request.messages.slice(known), this.#names);
    const last = messages.pop() as NativeMessage;
    const model = this.#options.nativeModel(request.model);
    if (messages.filter(({ role }) => role === 'user').length > toldMessages) {
      await this.#resume(messages.splice(0, resumable(messages)), model);
      signal.throwIfAborted();
    }
    const process = this.#process;
    const lines = this.#read(process);
    // What can be written without waiting for the CLI leaves in one piece.
    const batch: (() => void)[] = [];
    const flush = () => {
      const writes = batch.splice(0);
      process.batched(() => {
        for (const write of writes) write();
      });
    };
    if (known === 0) batch.push(() => this.#command(initialize(request, this.#names)));
    const settings = turnSettings(request, { names: this.#names, model, replayed: known === 0, question: last });
    batch.push(() => this.#configure(settings));
    if (known === 0) this.#options.onBegin(settings);
    for (const message of messages) {
      const uuid = randomUUID();
      batch.push(() => process.send(earlier(message, uuid)));
      if (message.role === 'assistant') continue;
      flush();
      await this.#stored(lines, uuid);
    }
    const uuid = randomUUID();
    batch.push(() => process.send(question(last, uuid)));
    flush();
    yield* this.#listen(lines, uuid);
  }

  #takeTools(request: GenerateRequest): void {
    const functions = request.tools.filter((tool): tool is FunctionTool => tool.kind === 'function');
    this.#names = new ToolNames(functions, { reserved: reservedNames });
    this.#gate = new ToolGate({ names: this.#names, web: this.#options.web });
  }

  #read(process: ClaudeProcess): AsyncIterator<OutputLine> {
    const lines = new Channel<OutputLine>({ limit: waitingLines, onPressure: (pressed) => process.setPaused(pressed) });
    process.onOutput = (line) => lines.push(line);
    void process.exited.then((reason) => {
      const cause = `${reason} ${process.errorTail}`;
      lines.fail(new GatewayError('provider-failed', 'Claude Code stopped in the middle of the answer.', { cause }));
    });
    return lines[Symbol.asyncIterator]();
  }

  async *#listen(lines: AsyncIterator<OutputLine>, uuid: string): AsyncGenerator<StreamEvent> {
    const translator = new Translator({ names: this.#names, answerAs: this.#options.answerAs });
    let rateLimit: RateLimitInfo | undefined;
    let error: string | undefined;
    for (;;) {
      const { value: line, done } = await lines.next();
      if (done) return;
      this.#inspect(line);
      if (line.type === 'assistant') error = line.error ?? error;
      const failure = worthTelling(line);
      if (failure) throw failure;
      if (line.type === 'rate_limit_event') rateLimit = line.rate_limit_info;
      else if (line.type === 'result') {
        if ((line.user_message_uuid ?? uuid) !== uuid) continue;
        const cost = this.#costOf(line);
        this.#options.onResult(line);
        const failed = line.is_error && line.stop_reason !== 'refusal';
        if (failed) throw toGatewayError(line, { error, rateLimit, now: Date.now() });
        yield* translator.end(line, cost);
        return;
      } else {
        yield* translator.line(line);
        // The answer is over before the CLI has ended it.
        this.#spoilt = translator.finished;
        if (this.#spoilt) return;
      }
    }
  }

  /** Waits until the CLI has taken in an earlier message: an answer sent before that would land ahead of it. */
  async #stored(lines: AsyncIterator<OutputLine>, uuid: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const late = new GatewayError('provider-failed', 'Claude Code did not take in the conversation in time.');
      timer = setTimeout(reject, storeTimeoutMs, late);
    });
    try {
      for (;;) {
        const { value: line, done } = await Promise.race([lines.next(), tooLate]);
        if (done) return;
        this.#inspect(line);
        if (line.type === 'command_lifecycle' && line.command_uuid === uuid && line.state === 'completed') return;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last lock: a session in which the CLI shows the model a tool that nobody asked for is ended on the spot. */
  #inspect(line: OutputLine): void {
    if (line.type === 'rate_limit_event' && line.rate_limit_info) this.#options.onRateLimit(line.rate_limit_info);
    if (line.type !== 'system' || line.subtype !== 'init') return;
    this.#gate.check(line.tools ?? []);
  }

  /** Says the settings of the turn, unless the CLI has been told just these last: taking them over costs it time. */
  #configure(settings: Record<string, unknown>): void {
    if (isDeepStrictEqual(this.#settings, settings)) return;
    this.#settings = settings;
    this.#command(settings);
  }

  /** A setting that travels with the question: its answer is not waited for, a refusal ends the session. */
  #command(request: Record<string, unknown>): void {
    const process = this.#process;
    process.control(request).catch(() => process.stop());
  }

  async #resume(history: readonly NativeMessage[], model: string): Promise<void> {
    if (history.length === 0) return;
    const standby = this.#process;
    this.#attach(await this.#options.resume(history, model));
    await standby.end();
  }

  #attach(process: ClaudeProcess): void {
    this.#process = process;
    this.#settings = undefined;
    process.onControl = (request) => this.#gate.answer(request);
    void process.exited.then((reason) => {
      if (this.#process === process) this.#settleExit(reason);
    });
  }

  #costOf(result: ResultLine): number | undefined {
    if (result.total_cost_usd === undefined) return undefined;
    const cost = result.total_cost_usd - this.#costUsd;
    this.#costUsd = result.total_cost_usd;
    return cost;
  }
}
