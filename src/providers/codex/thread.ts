import type { JsonObject } from '../../process/json-rpc.ts';
import { Channel } from '../../stream/channel.ts';
import type { AppServer } from './app-server.ts';
import type { DynamicTool, Notice, ResponseItem, ToolAnswer, ToolCallRequest } from './wire.ts';

/** What a thread is started with and keeps for good. */
export interface ThreadSettings {
  model?: string;
  dynamicTools?: DynamicTool[];
  config: { web_search: 'live' | 'disabled'; model_verbosity?: 'low' | 'medium' | 'high' };
}

/** What holds from one turn on. */
export interface TurnSettings {
  model: string;
  effort?: string;
  summary: 'auto' | 'none';
  outputSchema?: object;
}

/** One conversation in an app-server. It is never written to disk. */
export class Thread {
  readonly id: string;
  /** Settles when the thread is dropped or its server is gone, with the reason. */
  readonly gone: Promise<string>;
  readonly #server: AppServer;
  readonly #forget: () => void;
  #turn: string | undefined;
  #over: string | undefined;
  #starting: Promise<unknown> = Promise.resolve();
  #notices = new Channel<Notice>();
  #waiting = new Map<string, { call: ToolCallRequest; resolve: (answer: ToolAnswer) => void }>();
  #answers = new Map<string, ToolAnswer>();
  #closed: Promise<void> | undefined;
  #settleGone: (reason: string) => void = () => {};

  private constructor(server: AppServer, id: string) {
    this.#server = server;
    this.id = id;
    this.gone = new Promise((resolve) => {
      this.#settleGone = resolve;
    });
    this.#forget = server.listen(id, {
      notified: (method, params) => this.#notified(method, params),
      called: (call) => this.#called(call),
      gone: (reason) => {
        this.#notices.fail(new Error(`codex ${reason}`));
        this.#settleGone(reason);
      },
    });
  }

  static async start(server: AppServer, settings: ThreadSettings): Promise<Thread> {
    const { thread } = await server.request('thread/start', {
      ...settings,
      ephemeral: true,
      baseInstructions: '',
      environments: [],
      experimentalRawEvents: true,
    });
    return new Thread(server, String((thread as JsonObject).id));
  }

  get alive(): boolean {
    return this.#server.alive && this.#closed === undefined;
  }

  /** Adds to what the model will read. */
  async inject(items: readonly (ResponseItem | { type: 'noop' })[]): Promise<void> {
    if (items.length > 0) await this.#server.request('thread/inject_items', { threadId: this.id, items });
  }

  /** Has the model answer. What it tells comes out of `read`, which is called before. */
  async startTurn(settings: TurnSettings): Promise<void> {
    const started = this.#server.request('turn/start', { threadId: this.id, input: [], ...settings });
    this.#starting = started.catch(() => {});
    const id = String(((await started).turn as JsonObject).id);
    // A short turn may be over before its start is confirmed.
    if (id !== this.#over) this.#turn = id;
  }

  /** Answers a call that waits, or that will come: calls are told before they are made. */
  answer(callId: string, answer: ToolAnswer): void {
    const waiting = this.#waiting.get(callId);
    this.#waiting.delete(callId);
    if (waiting) waiting.resolve(answer);
    else this.#answers.set(callId, answer);
  }

  /**
   * The calls that wait for an answer, and what the thread tells from now on, to one reader at a time. Fails when the
   * server is gone.
   */
  read(): AsyncIterator<Notice> {
    this.#notices = new Channel();
    for (const { call } of this.#waiting.values()) this.#notices.push({ method: 'item/tool/call', params: call });
    if (!this.alive) this.#notices.fail(new Error('codex is gone'));
    return this.#notices[Symbol.asyncIterator]();
  }

  /** Ends the reading with an error. */
  fail(error: unknown): void {
    this.#notices.fail(error);
  }

  /** Stops the turn that runs and drops the thread; settles when that is done or the server is gone. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const params = { threadId: this.id };
    await this.#starting;
    // Without an interrupt a thread that waits for a tool stays for good.
    if (this.#turn !== undefined) {
      await this.#server.request('turn/interrupt', { ...params, turnId: this.#turn }).catch(() => {});
    }
    await this.#server.request('thread/unsubscribe', params).catch(() => {});
    this.#forget();
    this.#settleGone('closed');
  }

  #notified(method: string, params: JsonObject): void {
    const notice = { method, params } as unknown as Notice;
    if (notice.method === 'turn/started') this.#turn = notice.params.turn.id;
    // What is added to the history is echoed; only what belongs to a turn is news.
    if (this.#turn === undefined) return;
    if (notice.method === 'turn/completed') {
      this.#over = this.#turn;
      this.#turn = undefined;
    }
    this.#notices.push(notice);
  }

  #called(call: ToolCallRequest): Promise<ToolAnswer> {
    const { callId } = call;
    const known = this.#answers.get(callId);
    this.#answers.delete(callId);
    if (known) return Promise.resolve(known);
    this.#notices.push({ method: 'item/tool/call', params: call });
    return new Promise((resolve) => this.#waiting.set(callId, { call, resolve }));
  }
}
