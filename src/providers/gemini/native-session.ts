import { isDeepStrictEqual } from 'node:util';
import { GatewayError } from '../../core/error.ts';
import type { FinishReason } from '../../core/event.ts';
import type { GenerateRequest } from '../../core/request.ts';
import { addUsage, type Usage } from '../../core/usage.ts';
import type { Conclusion, Ending, NativeCall, NativeSession } from '../acp/agent.ts';
import type { AgentProcess } from '../acp/agent-process.ts';
import type { Replay } from '../acp/replay.ts';
import type { ContentBlock, SessionUpdate } from '../acp/wire.ts';
import type { ToolNames } from '../tool-names.ts';
import { HeardTurn } from './heard-turn.ts';
import type { RecordedResponse } from './response-log.ts';
import { fits, type SessionShape, shapeOf, toolPrefix, writeHookAnswers } from './session-shape.ts';
import type { GeminiWorkers, Lease } from './workers.ts';

/** How long a call may be at the door before the CLI says on its other channel that it makes it. */
const saidCallMs = 500;
/** By then the model has been asked, with the system prompt of that moment. */
const askedMs = 1_000;

export interface GeminiNativeSessionOptions {
  id: string;
  workers: GeminiWorkers;
  lease: Lease;
  slot: number;
  shape: SessionShape;
  /** The name of the model in the CLI's words, effort included. */
  model: string;
  nativeModel: (request: GenerateRequest) => string;
  request: GenerateRequest;
  names: ToolNames;
  /** The tool by which the model gives an answer of a certain form, where there is one. */
  answerTool: string | undefined;
  replay: Replay;
}

/** A session in a worker's process. What it holds it keeps as long as nobody else's system prompt takes its place. */
export class GeminiNativeSession implements NativeSession {
  readonly id: string;
  /** The question stands in the conversation that was loaded. */
  readonly prompt: ContentBlock[] = [{ type: 'text', text: '' }];
  #options: GeminiNativeSessionOptions;
  #system: string;
  #lease: Lease;
  #model: string;
  #heard = new HeardTurn();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GeminiNativeSessionOptions) {
    this.#options = options;
    this.id = options.id;
    this.#lease = options.lease;
    this.#model = options.model;
    this.#system = options.lease.worker.system ?? '';
    this.#asked();
  }

  get replayed(): number {
    return this.#options.replay.left;
  }

  get process(): AgentProcess {
    return this.#lease.worker.process;
  }

  async continueWith(request: GenerateRequest, known: number): Promise<ContentBlock[] | undefined> {
    const prompt = livePrompt(request, known);
    return prompt !== undefined && (await this.resumeWith(request)) ? prompt : undefined;
  }

  async resumeWith(request: GenerateRequest): Promise<boolean> {
    const { workers, shape, slot, names, request: first } = this.#options;
    const { worker } = this.#lease;
    const isSame = worker.system === this.#system && isDeepStrictEqual(request.outputFormat, first.outputFormat);
    if (!isSame || !workers.isUsable(worker) || !fits(shape, shapeOf(request, shape.web))) return false;
    // From here on nobody else may change the system prompt.
    this.#lease = workers.lease(worker, this.#lease.holdsSystem);
    await writeHookAnswers(worker.directory(slot), shape, request, names);
    const model = this.#options.nativeModel(request);
    if (model !== this.#model) {
      this.process.request('session/set_model', { sessionId: this.id, modelId: model }).catch(() => {});
    }
    this.#model = model;
    this.#asked();
    return true;
  }

  observe(update: SessionUpdate): void {
    this.#heard.observe(update);
    if (!this.#mayAskAgain && isSaid(update)) this.#lease.unpin();
  }

  async conclude(ending: Ending): Promise<Conclusion> {
    const called = 'call' in ending ? ending.call : undefined;
    const nativeName = called && toolPrefix + this.#options.names.native(called.name);
    if (nativeName !== undefined) await this.#heard.saidCall(nativeName, saidCallMs);
    const { log } = this.#lease.worker;
    const responses = this.#heard.match(log.unclaimed(), called ? 'call' : 'answer') ?? [];
    log.claim(responses);
    if ('result' in ending && ending.result.stopReason === 'max_tokens' && responses.length === 0) {
      throw new GatewayError('context-length-exceeded', 'The conversation is longer than this model can read.');
    }
    const calls = called && responses.length > 0 ? this.#callsFrom(responses, called) : undefined;
    this.#heard.clear(calls?.recorded ?? []);
    this.#release();
    const answer = this.#answerIn(called);
    return {
      usage: usageOf(responses, ending),
      ...(called === undefined && { reason: reasonOf(responses.at(-1)) }),
      ...(calls && { calls: calls.native }),
      ...(answer !== undefined && { answer }),
      sources: responses.flatMap(({ sources }) => sources),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { worker } = this.#lease;
    await worker.freeSlot(this.#options.slot);
    this.#release();
  }

  /** A turn with tools may ask the model more than once, each time with the system prompt as it is then. */
  get #mayAskAgain(): boolean {
    return this.#options.shape.web || this.#options.names.tools.length > 0;
  }

  #asked(): void {
    const { unpin } = this.#lease;
    if (!this.#mayAskAgain) this.#timer = setTimeout(unpin, askedMs);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#lease.release();
  }

  /** The calls of the last answer from this one on: the CLI has made those before it, or refused them. */
  #callsFrom(responses: readonly RecordedResponse[], called: NativeCall) {
    const { names } = this.#options;
    const made = (responses.at(-1)?.calls ?? []).flatMap((call) => {
      const name = call.name.startsWith(toolPrefix) ? names.caller(call.name.slice(toolPrefix.length)) : undefined;
      return name === undefined ? [] : [{ call, native: { name, arguments: call.args, ...idOf(call) } }];
    });
    const first = made.findIndex(
      ({ native }) => native.name === called.name && isDeepStrictEqual(native.arguments, called.arguments),
    );
    if (first < 0) return undefined;
    const rest = made.slice(first);
    // The first one is being made already.
    return { native: rest.map(({ native }) => native), recorded: rest.slice(1).map(({ call }) => call) };
  }

  #answerIn(called: NativeCall | undefined): string | undefined {
    if (called === undefined || called.name !== this.#options.answerTool) return undefined;
    return JSON.stringify(called.arguments);
  }
}

/** What comes from the model, which then has been asked. */
function isSaid({ sessionUpdate }: SessionUpdate): boolean {
  return sessionUpdate === 'agent_message_chunk' || sessionUpdate === 'agent_thought_chunk';
}

function idOf({ id, name }: RecordedResponse['calls'][number]): { id?: string } {
  // The CLI puts the tool's name in front, for itself.
  return id === undefined ? {} : { id: id.startsWith(`${name}__`) ? id.slice(name.length + 2) : id };
}

function usageOf(responses: readonly RecordedResponse[], ending: Ending): Usage {
  const [first, ...others] = responses.map(({ usage }) => usage);
  if (first !== undefined) return others.reduce(addUsage, first);
  const quota = 'result' in ending ? (ending.result._meta?.quota as NativeQuota | undefined) : undefined;
  const { input_tokens: inputTokens = 0, output_tokens: outputTokens = 0 } = quota?.token_count ?? {};
  return { inputTokens, outputTokens };
}

interface NativeQuota {
  token_count?: { input_tokens?: number; output_tokens?: number };
}

const cutReasons = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'LANGUAGE',
]);

/** How the model ended, which the CLI does not tell by itself. */
function reasonOf(response: RecordedResponse | undefined): FinishReason | undefined {
  if (response === undefined) return undefined;
  const { finishReason, text } = response;
  if (finishReason === 'MAX_TOKENS') return 'length';
  if (finishReason !== undefined && cutReasons.has(finishReason)) return 'content-filter';
  if (finishReason?.endsWith('_CALL')) {
    throw new GatewayError('provider-failed', 'The model made a tool call that cannot be read.', {
      cause: finishReason,
    });
  }
  if (finishReason !== undefined) return 'stop';
  // The question itself was refused, or the connection ended too early.
  if (text === '') return 'content-filter';
  throw new GatewayError('upstream-unavailable', 'The model API broke off in the middle of the answer.');
}

/** What to prompt for the new messages; undefined where the CLI would take them for something else. */
function livePrompt(request: GenerateRequest, known: number): ContentBlock[] | undefined {
  const added = request.messages.slice(known);
  const texts = added.flatMap((message) => {
    if (message.role !== 'user') return [undefined];
    return message.content.map((part) => (part.type === 'text' ? part.text : undefined));
  });
  const said = texts.filter((text) => text !== '');
  // Commands begin with these, and media cost the CLI a request of their own.
  if (said.includes(undefined) || /^\s*($|[/$?])/.test(said.join(''))) return undefined;
  return said.map((text) => ({ type: 'text', text: text ?? '' }));
}
