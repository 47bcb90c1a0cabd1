import { GatewayError } from '../../src/core/error.ts';
import type { StreamEvent } from '../../src/core/event.ts';
import type { GenerateRequest } from '../../src/core/request.ts';
import type { Lane, ModelRecord, Provider, ProviderStatus, Quota, Session } from '../../src/providers/provider.ts';

export const scriptedModel: ModelRecord = {
  id: 'model-1',
  aliases: ['model'],
  title: 'Model One',
  ownedBy: 'vendor',
  inputs: { images: true, documents: true, audio: false },
  parameters: ['effort', 'maxOutputTokens', 'temperature', 'toolChoice', 'outputFormat', 'webSearch'],
  efforts: ['low', 'high'],
  reasoning: 'never',
  samplingTogether: true,
  blankStops: true,
  sampling: 'always',
  webTools: true,
  reservedToolNames: ['WebSearch'],
  parallelToolCalls: true,
};

/** One turn as a session was asked for it. */
interface Turn {
  session: ScriptedSession;
  request: GenerateRequest;
  known: number;
  signal: AbortSignal;
}

/** What a session answers; pieces of text are given as they are, a failure is thrown. */
type Script = (turn: Turn) => Iterable<string | StreamEvent | Error> | AsyncIterable<string | StreamEvent | Error>;

const usage = { inputTokens: 10, outputTokens: 2 };

/** The end of a scripted answer. */
export const finish: StreamEvent = { type: 'finish', reason: 'stop', usage };

const said = (text: string): StreamEvent => ({ type: 'text-delta', text });

/** A session in memory. `die` is its process's end. */
export class ScriptedSession implements Session {
  readonly exited: Promise<string>;
  readonly lane: Lane;
  readonly turns: Turn[] = [];
  disposed = false;
  #alive = true;
  #busy = false;
  #script: () => Script;
  #settleExit: (reason: string) => void = () => {};

  constructor(lane: Lane, script: () => Script) {
    this.lane = lane;
    this.#script = script;
    this.exited = new Promise((resolve) => {
      this.#settleExit = resolve;
    });
  }

  get usable(): boolean {
    return this.#alive && !this.#busy;
  }

  async *turn(
    request: GenerateRequest,
    { known }: { known: number },
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent> {
    if (!this.usable) throw new GatewayError('provider-failed', 'This session cannot take another turn.');
    if (signal.aborted) throw GatewayError.from(signal.reason);
    const turn = { session: this, request, known, signal };
    this.turns.push(turn);
    this.#busy = true;
    let clean = false;
    const abort = () => this.die();
    signal.addEventListener('abort', abort);
    try {
      for await (const step of this.#script()(turn)) {
        if (signal.aborted) throw GatewayError.from(signal.reason);
        if (step instanceof Error) throw step;
        yield typeof step === 'string' ? said(step) : step;
      }
      clean = true;
    } finally {
      signal.removeEventListener('abort', abort);
      this.#busy = false;
      if (!clean) this.die();
    }
  }

  die(): void {
    this.#alive = false;
    this.#settleExit('scripted death');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    this.die();
  }
}

/** A provider in memory, with everything that was asked of it. */
export class ScriptedProvider implements Provider {
  readonly id: string;
  readonly title = 'Scripted';
  readonly accounts = ['default'] as const;
  readonly versions = { minimum: '1.0.0', tested: '1.0.0' };
  readonly onDemand = false;
  readonly sessions: ScriptedSession[] = [];
  inspections = 0;
  disposed = false;
  status: Omit<ProviderStatus, 'models'> = { state: 'ready', version: '1.0.0' };
  models: ModelRecord[] = [scriptedModel];
  limits: Quota[] = [];
  script: Script = () => [{ type: 'start', model: 'model-1' }, 'Hello', finish];
  /** Replaced to be slow or to fail. */
  beforeOpen: (signal: AbortSignal) => Promise<void> = async () => {};

  constructor(id = 'scripted') {
    this.id = id;
  }

  /** All turns of all sessions, in the order of the sessions. */
  get turns(): Turn[] {
    return this.sessions.flatMap((session) => session.turns);
  }

  async inspect(): Promise<ProviderStatus> {
    this.inspections += 1;
    return { ...this.status, models: this.models };
  }

  model(name: string): ModelRecord | undefined {
    return this.models.find((model) => model.id === name || model.aliases.includes(name));
  }

  async open(lane: Lane, signal: AbortSignal): Promise<ScriptedSession> {
    await this.beforeOpen(signal);
    const session = new ScriptedSession(lane, () => this.script);
    this.sessions.push(session);
    return session;
  }

  quota(): Quota[] {
    return this.limits;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
  }
}
