import { randomUUID } from 'node:crypto';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { Channel } from '../../stream/channel.ts';
import { answerMcp, type McpMessage } from '../../tool-bridge/mcp-server.ts';
import type { Session } from '../provider.ts';
import { ToolNames } from '../tool-names.ts';
import { webTools } from './command.ts';
import { extraBody } from './extra-body.ts';
import { toGatewayError } from './failure.ts';
import { isBudgeted } from './models.ts';
import type { ClaudeProcess } from './process.ts';
import { toNativeMessages } from './prompt.ts';
import { Translator } from './translate.ts';
import { refuseFetch } from './web-guard.ts';
import type { ControlRequest, NativeMessage, OutputLine, RateLimitInfo, ResultLine } from './wire.ts';

/** Lines that may wait for a slow reader before the CLI is made to wait too. */
const waitingLines = 512;
/** How long the CLI may take to store one earlier message. */
const replayTimeoutMs = 20_000;
/** From this many earlier user messages on, a session file is faster than telling them one by one. */
const replayedTurns = 60;
const defaultSystemPrompt = 'You are a helpful assistant.';
const mcpServer = 'c';
const hookId = 'before-tool';

export interface ClaudeSessionOptions {
  process: ClaudeProcess;
  web: boolean;
  /** A process that has resumed this conversation instead. */
  resume: (history: readonly NativeMessage[], model: string) => Promise<ClaudeProcess>;
  nativeModel: (name: string) => string;
  /** The name to answer under, given the model's own. */
  answerAs: (native: string) => string;
  onRateLimit: (info: RateLimitInfo) => void;
  onResult: (result: ResultLine) => void;
}

/** One conversation in one `claude` process. What it held before a turn it still holds after it: turns only add. */
export class ClaudeSession implements Session {
  readonly exited: Promise<string>;
  #process: ClaudeProcess;
  #options: ClaudeSessionOptions;
  #names = new ToolNames([]);
  #busy = false;
  /** The answer was ended before the CLI had ended it. */
  #cut = false;
  #costUsd = 0;
  #settleExit: (reason: string) => void = () => {};

  constructor(options: ClaudeSessionOptions) {
    this.#options = options;
    this.#process = options.process;
    this.exited = new Promise((resolve) => {
      this.#settleExit = resolve;
    });
    this.#attach(options.process);
  }

  get usable(): boolean {
    return this.#process.alive && !this.#busy && !this.#cut;
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
      yield* this.#run(request, known);
      clean = true;
    } catch (error) {
      throw signal.aborted ? GatewayError.from(signal.reason) : error;
    } finally {
      signal.removeEventListener('abort', abort);
      this.#process.onOutput = () => {};
      this.#busy = false;
      // Anything but a clean end leaves the CLI in a state that nobody has proven.
      if (!clean || this.#cut) this.#process.stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.end();
  }

  async *#run(request: GenerateRequest, known: number): AsyncGenerator<StreamEvent> {
    if (known === 0)
      this.#names = new ToolNames(request.tools.filter((tool): tool is FunctionTool => tool.kind === 'function'));
    const messages = toNativeMessages(request.messages.slice(known), this.#names);
    const question = messages.pop() as NativeMessage;
    const model = this.#options.nativeModel(request.model);
    if (messages.filter(({ role }) => role === 'user').length > replayedTurns) {
      await this.#resume(messages.splice(0), model);
    }

    const process = this.#process;
    const lines = new Channel<OutputLine>({ limit: waitingLines, onPressure: (pressed) => process.setPaused(pressed) });
    void process.exited.then((reason) =>
      lines.fail(
        new GatewayError('provider-failed', 'Claude Code stopped in the middle of the answer.', {
          cause: `${reason} ${process.errorTail}`,
        }),
      ),
    );
    process.onOutput = (line) => lines.push(line);
    const reader = lines[Symbol.asyncIterator]();

    // Batches: what is written between two answers of the CLI leaves in one piece.
    let opening = () => {
      if (known === 0) this.#initialize(request);
      this.#configure(request, model, { replayed: known === 0, question });
    };
    for (const message of messages) {
      const before = opening;
      if (message.role === 'assistant') {
        opening = () => {
          before();
          process.send({ type: 'assistant', uuid: randomUUID(), session_id: '', parent_tool_use_id: null, message });
        };
        continue;
      }
      const uuid = randomUUID();
      process.batched(() => {
        before();
        this.#tell(message, uuid, { shouldQuery: false });
      });
      opening = () => {};
      await this.#stored(reader, uuid);
    }
    const uuid = randomUUID();
    process.batched(() => {
      opening();
      this.#tell(question, uuid, {});
    });
    yield* this.#listen(reader, uuid);
  }

  async *#listen(reader: AsyncIterator<OutputLine>, uuid: string): AsyncGenerator<StreamEvent> {
    const translator = new Translator({ names: this.#names, answerAs: this.#options.answerAs });
    let rateLimit: RateLimitInfo | undefined;
    let error: string | undefined;
    for (;;) {
      const next = await reader.next();
      if (next.done) return;
      const line = next.value;
      this.#inspect(line);
      if (line.type === 'rate_limit_event') rateLimit = line.rate_limit_info;
      else if (line.type === 'assistant') error = line.error ?? error;
      else if (isRateLimitRetry(line)) throw rateLimited(line.retry_delay_ms);
      else if (line.type === 'result') {
        if ((line.user_message_uuid ?? uuid) !== uuid) continue;
        const cost = this.#costOf(line);
        this.#options.onResult(line);
        if (line.is_error && line.stop_reason !== 'refusal') throw toGatewayError(line, { error, rateLimit, now: Date.now() });
        yield* translator.end(line, cost);
        return;
      } else {
        yield* translator.line(line);
        this.#cut = translator.finished;
        if (this.#cut) return;
      }
    }
  }

  /** Waits until the CLI has taken in an earlier message: an answer sent before that would land ahead of it. */
  async #stored(reader: AsyncIterator<OutputLine>, uuid: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const late = new GatewayError('provider-failed', 'Claude Code did not take in the conversation in time.');
      timer = setTimeout(reject, replayTimeoutMs, late);
    });
    try {
      for (;;) {
        const { value: line, done } = await Promise.race([reader.next(), tooLate]);
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
    const allowed = new Set([...this.#names.tools.map(({ name }) => name), ...(this.#options.web ? webTools : [])]);
    const extra = line.tools?.filter((name) => !allowed.has(name)) ?? [];
    if (extra.length > 0) {
      throw new GatewayError('provider-failed', 'Claude Code offered the model a tool that is not allowed here.', {
        cause: extra.join(', '),
      });
    }
  }

  #initialize(request: GenerateRequest): void {
    const hasTools = this.#names.tools.length > 0;
    this.#command({
      subtype: 'initialize',
      systemPrompt: [request.system?.trim() || defaultSystemPrompt],
      skills: [],
      ...(hasTools && { sdkMcpServers: [mcpServer] }),
      hooks: { PreToolUse: [{ matcher: null, hookCallbackIds: [hookId] }] },
    });
  }

  /** Every setting is said every time: one that is left out keeps its value from the turn before. */
  #configure(request: GenerateRequest, model: string, turn: { replayed: boolean; question: NativeMessage }): void {
    const budgeted = isBudgeted(model);
    const endsInToolResults = turn.replayed && turn.question.content[0]?.type === 'tool_result';
    const body = extraBody(request, { names: this.#names, budgeted, endsInToolResults });
    const hasLevel = request.effort !== undefined && request.effort !== 'none' && !budgeted;
    this.#command({
      subtype: 'apply_flag_settings',
      settings: {
        model,
        effortLevel: hasLevel ? request.effort : null,
        env: {
          CLAUDE_CODE_MAX_OUTPUT_TOKENS: request.maxOutputTokens === undefined ? '' : String(request.maxOutputTokens),
          CLAUDE_CODE_EXTRA_BODY: JSON.stringify(body),
        },
      },
    });
  }

  /** A setting that travels with the question: its answer is not waited for, a refusal ends the session. */
  #command(request: Record<string, unknown>): void {
    this.#process.control(request).catch(() => this.#process.stop());
  }

  #tell(message: NativeMessage, uuid: string, extra: { shouldQuery?: false }): void {
    // `client_composed` keeps `@path` and `/command` in a prompt as the plain text that they are.
    this.#process.send({
      type: 'user',
      uuid,
      session_id: '',
      parent_tool_use_id: null,
      client_composed: true,
      message,
      ...extra,
    });
  }

  async #resume(history: readonly NativeMessage[], model: string): Promise<void> {
    const standby = this.#process;
    const process = await this.#options.resume(history, model);
    this.#attach(process);
    await standby.end();
  }

  #attach(process: ClaudeProcess): void {
    this.#process = process;
    process.onControl = (request) => this.#answer(request);
    void process.exited.then((reason) => {
      if (this.#process === process) this.#settleExit(reason);
    });
  }

  async #answer(request: ControlRequest): Promise<Record<string, unknown>> {
    if (request.subtype === 'mcp_message') {
      const message = request.message as McpMessage;
      const reply = answerMcp(message, this.#names.tools);
      return { mcp_response: reply ?? { jsonrpc: '2.0', id: 0, result: {} } };
    }
    if (request.subtype === 'hook_callback') return this.#beforeTool(request);
    if (request.subtype === 'can_use_tool') return { behavior: 'deny', message: 'Not available.' };
    return {};
  }

  async #beforeTool(request: ControlRequest): Promise<Record<string, unknown>> {
    const decide = (permissionDecision: string, permissionDecisionReason?: string) => ({
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision, permissionDecisionReason },
    });
    const name = request.input?.tool_name ?? '';
    // The caller runs it: the turn ends here and goes on with the result.
    if (this.#names.caller(name) !== undefined) return decide('defer');
    if (!this.#options.web) return decide('deny', 'Not available.');
    if (name === 'WebSearch') return {};
    if (name !== 'WebFetch') return decide('deny', 'Not available.');
    const refusal = await refuseFetch(request.input?.tool_input?.url);
    return refusal === undefined ? {} : decide('deny', refusal);
  }

  #costOf(result: ResultLine): number | undefined {
    if (result.total_cost_usd === undefined) return undefined;
    const cost = result.total_cost_usd - this.#costUsd;
    this.#costUsd = result.total_cost_usd;
    return cost;
  }
}

interface RateLimitRetry {
  type: 'system';
  subtype: 'api_retry';
  retry_delay_ms: number;
}

/** The CLI would sit out the wait in silence; the caller can use the time better when it is told. */
function isRateLimitRetry(line: OutputLine): line is OutputLine & RateLimitRetry {
  return line.type === 'system' && line.subtype === 'api_retry' && line.error_status === 429;
}

function rateLimited(delayMs: number): GatewayError {
  return new GatewayError('rate-limited', 'The model API is limiting requests: try again later.', {
    retryAfterSeconds: Math.max(1, Math.floor(delayMs / 1_000)),
  });
}
