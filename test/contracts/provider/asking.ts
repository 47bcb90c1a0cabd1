import { type Completion, CompletionBuilder } from '../../../src/core/completion.ts';
import { GatewayError } from '../../../src/core/error.ts';
import type { StreamEvent } from '../../../src/core/event.ts';
import type { Message, UserMessage } from '../../../src/core/message.ts';
import type { GenerateRequest } from '../../../src/core/request.ts';
import type { FunctionTool } from '../../../src/core/tool.ts';
import type { Session } from '../../../src/providers/provider.ts';
import type { RecordedRequest } from '../../../src/simulator/recorder.ts';
import { eventually } from '../../support/eventually.ts';
import type { ProviderFixture } from './fixture.ts';
import type { Upstream } from './upstream.ts';

const answerTimeoutMs = 60_000;

export interface Answered {
  events: StreamEvent[];
  completion: Completion;
  text: string;
  /** Every request that reached the model API for it. */
  requests: RecordedRequest[];
  /** The last of them, read. */
  upstream: Upstream;
  session: Session;
}

export interface Failed {
  error: GatewayError;
  events: StreamEvent[];
  session: Session;
  elapsedMs: number;
}

interface Asking {
  /** Left out: a new session. */
  session?: Session;
  known?: number;
  web?: boolean;
  signal?: AbortSignal;
}

/** Asks a fixture's provider, one request at a time, with one session opened ahead of each. */
export class Asker implements AsyncDisposable {
  readonly fixture: ProviderFixture;
  #ahead: Promise<Session> | undefined;
  #used: Session[] = [];

  constructor(fixture: ProviderFixture) {
    this.fixture = fixture;
  }

  /** Every request that has asked the model API for an answer. */
  get requests(): RecordedRequest[] {
    const { simulator, isPreparation = () => false } = this.fixture;
    return simulator.requests.filter((request) => !isPreparation(request));
  }

  /** A session that nobody has used. */
  readonly open = async ({ web = false }: { web?: boolean } = {}): Promise<Session> => {
    const session = await (web ? this.#open(true) : (this.#ahead ?? this.#open(false)));
    this.#used.push(session);
    if (web) return session;
    this.#ahead = this.#open(false);
    this.#ahead.catch(() => {});
    return session;
  };

  /** A session beside which the provider has no other, and the number of the process that it runs in. */
  readonly openAlone = async (): Promise<{ session: Session; pid: number }> => {
    await this.tidy();
    await this.#dropAhead();
    if (this.fixture.processModel === 'per-session') {
      await eventually('no process runs', () => this.fixture.processes().length === 0);
    }
    const session = await this.#open(false);
    this.#used.push(session);
    const [pid, ...others] = this.fixture.processes().map((process) => process.pid);
    if (pid === undefined || others.length > 0) throw new Error(`processes of one session: ${[pid, ...others]}`);
    return { session, pid };
  };

  /** Closes the sessions that were used. */
  readonly tidy = async (): Promise<void> => {
    await Promise.all(this.#used.splice(0).map((session) => session[Symbol.asyncDispose]()));
  };

  readonly request = (content: string | Message[], rest: Partial<GenerateRequest> = {}): GenerateRequest => {
    const messages = typeof content === 'string' ? [user(content)] : content;
    return { model: this.fixture.model.id, messages, tools: [], ...rest };
  };

  /** The whole answer. */
  readonly ask = async (request: GenerateRequest, asking: Asking = {}): Promise<Answered> => {
    const { known = 0, web, signal = AbortSignal.timeout(answerTimeoutMs) } = asking;
    const session = asking.session ?? (await this.open({ web }));
    const before = this.requests.length;
    const builder = new CompletionBuilder();
    const events: StreamEvent[] = [];
    for await (const event of session.turn(request, { known }, signal)) {
      builder.add(event);
      events.push(event);
    }
    const completion = builder.build();
    const requests = this.requests.slice(before);
    const last = requests.at(-1);
    if (last === undefined) throw new Error('nothing reached the model API');
    return { events, completion, text: textOf(events), requests, upstream: this.fixture.readUpstream(last), session };
  };

  /** The error that the request ends in, and what was said before it. */
  readonly fail = async (request: GenerateRequest, asking: Asking = {}): Promise<Failed> => {
    const { known = 0, web, signal = AbortSignal.timeout(answerTimeoutMs) } = asking;
    const session = asking.session ?? (await this.open({ web }));
    const events: StreamEvent[] = [];
    const start = performance.now();
    try {
      for await (const event of session.turn(request, { known }, signal)) events.push(event);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { error, events, session, elapsedMs: performance.now() - start };
    }
    throw new Error(`no failure, but ${JSON.stringify(events).slice(0, 500)}`);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tidy();
    await this.#dropAhead();
    await this.fixture[Symbol.asyncDispose]();
  }

  #open(web: boolean): Promise<Session> {
    const { provider } = this.fixture;
    return provider.open({ account: provider.accounts[0] ?? '', web }, AbortSignal.timeout(answerTimeoutMs));
  }

  async #dropAhead(): Promise<void> {
    const session = await this.#ahead?.catch(() => undefined);
    this.#ahead = undefined;
    await session?.[Symbol.asyncDispose]();
  }
}

export function user(text: string): UserMessage {
  return { role: 'user', content: [{ type: 'text', text }] };
}

export function assistant(text: string): Message {
  return { role: 'assistant', content: [{ type: 'text', text }] };
}

export function tool(name: string, properties: Record<string, unknown> = {}): FunctionTool {
  return { kind: 'function', name, description: `Does ${name}`, parameters: { type: 'object', properties } };
}

export function result(callId: string, text: string): Message {
  return { role: 'tool', callId, content: [{ type: 'text', text }] };
}

export function textOf(events: readonly StreamEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}
