import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child } from '../../process/child.ts';
import { type JsonObject, JsonRpcPeer, methodMissing } from '../../process/json-rpc.ts';
import type { Workspace } from '../../process/workspace.ts';
import { RequestLimit } from './request-limit.ts';
import { type RateLimits, type ToolAnswer, type ToolCallRequest, unwantedNotices } from './wire.ts';

const answerTimeoutMs = 10_000;
/** A conversation of many megabytes takes its time. */
const injectTimeoutMs = 60_000;
const stopGraceMs = 3_000;
/** With a few hundred at once the program leaves some unanswered. */
const requestsAtOnce = 32;

/** Whoever follows one thread. */
export interface ThreadListener {
  notified(method: string, params: JsonObject): void;
  /** The model calls one of the caller's tools. */
  called(call: ToolCallRequest): Promise<ToolAnswer>;
  /** The process is gone. */
  gone(reason: string): void;
}

export interface AppServerOptions {
  executable: string;
  /** The program's settings, given where its files are. */
  settings: (files: { catalog?: string; databases: string }) => string[];
  /** The models as the program is to see them; its own list where absent. */
  catalog: object | undefined;
  environment: Record<string, string>;
  workspace: Workspace;
  /** Refuse to start where the program does not know a setting. */
  strict: boolean;
  onRateLimits: (limits: RateLimits) => void;
}

/** A running `codex app-server`: one process that holds the threads of all conversations. */
export class AppServer {
  /** Settles when the process is gone and what it left is removed. */
  readonly exited: Promise<string>;
  #child: Child;
  #peer: JsonRpcPeer;
  #limit = new RequestLimit(requestsAtOnce);
  #listeners = new Map<string, ThreadListener>();
  #onRateLimits: (limits: RateLimits) => void;

  private constructor(options: AppServerOptions, words: string[], directories: string[]) {
    const [directory = '', temporary = ''] = directories;
    const { workspace, environment } = options;
    this.#onRateLimits = options.onRateLimits;
    this.#peer = new JsonRpcPeer(
      {
        notified: (method, params) => this.#notified(method, params),
        requested: (method, params) => this.#requested(method, params),
      },
      { versioned: false },
    );
    this.#child = new Child({
      executable: options.executable,
      arguments: words,
      environment: { ...environment, TMPDIR: temporary },
      directory,
      stopSignal: 'SIGTERM',
      stopGraceMs,
      onLine: this.#peer.read,
    });
    this.#peer.attach(this.#child);
    const { pid } = this.#child;
    const untrack = pid === undefined ? undefined : workspace.track(pid, []);
    this.exited = this.#child.exited.then((reason) => {
      untrack?.();
      for (const used of directories) workspace.removeDirectory(used);
      for (const listener of this.#listeners.values()) listener.gone(`${reason} ${this.errorTail}`);
      this.#listeners.clear();
      return reason;
    });
  }

  /** Starts the program and greets it. Fails with the program's last words when it does not answer. */
  static async start(options: AppServerOptions): Promise<AppServer> {
    const { workspace, catalog } = options;
    const directories = [workspace.createDirectory(), workspace.createDirectory(), workspace.createDirectory()];
    const databases = directories[2] as string;
    const file = join(databases, 'catalog.json');
    if (catalog !== undefined) await writeFile(file, JSON.stringify(catalog), { mode: 0o600 });
    const settings = options.settings({ databases, ...(catalog !== undefined && { catalog: file }) });
    const words = ['app-server', ...(options.strict ? ['--strict-config'] : []), ...settings];
    const server = new AppServer(options, words, directories);
    try {
      await server.#greet();
    } catch (error) {
      server.stop();
      await server.exited;
      throw new Error(`${error instanceof Error ? error.message : error}: ${server.errorTail}`);
    }
    return server;
  }

  get alive(): boolean {
    return this.#child.alive;
  }

  get errorTail(): string {
    return this.#child.errorTail;
  }

  /** Asks the program. Fails when it says no, is gone, or does not answer in time. */
  async request(method: string, params: JsonObject): Promise<JsonObject> {
    const timeoutMs = method === 'thread/inject_items' ? injectTimeoutMs : answerTimeoutMs;
    const result = await this.#limit.run(() => this.#peer.request(method, params, { timeoutMs }));
    return (result ?? {}) as JsonObject;
  }

  /** From now on this thread's news go to the listener, until the function that comes back is called. */
  listen(thread: string, listener: ThreadListener): () => void {
    this.#listeners.set(thread, listener);
    return () => this.#listeners.delete(thread);
  }

  stop(): void {
    this.#child.stop();
  }

  async end(): Promise<void> {
    await this.#child.end();
    await this.exited;
  }

  async #greet(): Promise<void> {
    await this.request('initialize', {
      clientInfo: { name: 'clis_wrapper', title: 'clis-wrapper', version: '1' },
      capabilities: {
        experimentalApi: true,
        requestAttestation: false,
        optOutNotificationMethods: unwantedNotices,
      },
    });
    this.#peer.notify('initialized', {});
  }

  #notified(method: string, params: JsonObject): void {
    if (method === 'account/rateLimits/updated') this.#onRateLimits(params.rateLimits as RateLimits);
    else this.#listeners.get(String(params.threadId))?.notified(method, params);
  }

  /** Whatever else it asks for (to run a command, to change a file) is refused. */
  #requested(method: string, params: JsonObject): Promise<ToolAnswer> {
    const listener = this.#listeners.get(String(params.threadId));
    if (method !== 'item/tool/call' || listener === undefined) throw methodMissing(method);
    return listener.called(params as unknown as ToolCallRequest);
  }
}
