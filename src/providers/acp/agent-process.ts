import { readFile } from 'node:fs/promises';
import { Child } from '../../process/child.ts';
import { type JsonObject, JsonRpcPeer, JsonRpcSilence, methodMissing } from '../../process/json-rpc.ts';
import type { Workspace } from '../../process/workspace.ts';
import { Mutex } from './mutex.ts';
import type { InitializeResult, PermissionOption, SessionUpdate, ToolCallUpdate } from './wire.ts';

const stopGraceMs = 3_000;
const pageBytes = 4_096;

export interface AgentProcessOptions {
  executable: string;
  arguments: readonly string[];
  environment: Record<string, string>;
  /** Where the process runs. */
  directory: string;
  workspace: Workspace;
  /** How long `initialize` may take, in milliseconds. */
  startTimeoutMs: number;
}

/** What the owner of a native session is told, and asked. */
export interface SessionListener {
  onUpdate(update: SessionUpdate): void;
  /** Whether this call, for which the agent asks leave, may be made. */
  allows(call: ToolCallUpdate): boolean;
}

/** The program wrote something else than the protocol before it was ready: it wants to be signed in. */
export class LoginNoise extends Error {
  override readonly name = 'LoginNoise';
}

/**
 * A running agent: a program that speaks the Agent Client Protocol over its standard streams and holds many sessions.
 * It is offered neither files nor terminals.
 */
export class AgentProcess {
  readonly exited: Promise<string>;
  /** What `initialize` came back with. Fails when it does not in time, or with `LoginNoise`. */
  readonly ready: Promise<InitializeResult>;
  /** Sessions that were made in it: an agent that never forgets one is replaced after so many. */
  sessionsMade = 0;
  #child: Child;
  #peer: JsonRpcPeer;
  #creation = new Mutex();
  #listeners = new Map<string, SessionListener>();
  #noise: string[] = [];

  constructor(options: AgentProcessOptions) {
    const initialized = Promise.withResolvers<never>();
    initialized.promise.catch(() => {});
    this.#peer = new JsonRpcPeer({
      notified: (method, params) => this.#notified(method, params),
      requested: (method, params) => this.#requested(method, params),
      junk: (line) => {
        this.#noise = [...this.#noise, line].slice(-20);
        initialized.reject(new LoginNoise(line));
      },
    });
    this.#child = new Child({
      executable: options.executable,
      arguments: options.arguments,
      environment: options.environment,
      directory: options.directory,
      stopSignal: 'SIGTERM',
      stopGraceMs,
      onLine: this.#peer.read,
    });
    this.#peer.attach(this.#child);
    const untrack = this.pid === undefined ? undefined : options.workspace.track(this.pid, []);
    this.exited = this.#child.exited.then((reason) => {
      untrack?.();
      return reason;
    });
    const answer = this.request(
      'initialize',
      {
        protocolVersion: 1,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      },
      { timeoutMs: options.startTimeoutMs },
    );
    this.ready = Promise.race([answer, initialized.promise]) as Promise<InitializeResult>;
    // Whoever waits for it is told; nobody has to.
    this.ready.catch(() => this.stop());
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#child.alive;
  }

  /** For the log: the end of standard error, and lines of standard output that are not of the protocol. */
  get errorTail(): string {
    return [this.#child.errorTail, ...this.#noise].join('\n').trim();
  }

  /** Settles with the result; fails with a `JsonRpcError` or a `JsonRpcSilence`. */
  request(method: string, params: JsonObject, options: { timeoutMs?: number } = {}): Promise<unknown> {
    return this.#peer.request(method, params, options);
  }

  notify(method: string, params: JsonObject): void {
    this.#peer.notify(method, params);
  }

  /** Runs what makes a session, one at a time: agents share files between sessions that are being made. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#creation.run(async () => {
      if (!this.alive) throw new JsonRpcSilence('the program is gone');
      return work();
    });
  }

  /** Hands on what concerns this session, until the function that comes back is called. */
  listen(sessionId: string, listener: SessionListener): () => void {
    this.#listeners.set(sessionId, listener);
    return () => {
      if (this.#listeners.get(sessionId) === listener) this.#listeners.delete(sessionId);
    };
  }

  /** Memory that the process holds, in bytes; undefined where the system does not tell. */
  async residentBytes(): Promise<number | undefined> {
    try {
      const pages = (await readFile(`/proc/${this.pid}/statm`, 'utf8')).split(' ')[1];
      return Number(pages) * pageBytes;
    } catch {
      return undefined;
    }
  }

  stop(): void {
    this.#child.stop();
  }

  /** Ends it and waits until it is gone. */
  async end(): Promise<void> {
    // Not every agent leaves when its input ends.
    this.#child.stop();
    await this.exited;
  }

  #notified(method: string, params: JsonObject): void {
    if (method !== 'session/update') return;
    const update = params.update as SessionUpdate | undefined;
    if (update) this.#listeners.get(String(params.sessionId))?.onUpdate(update);
  }

  #requested(method: string, params: JsonObject): unknown {
    if (method !== 'session/request_permission') throw methodMissing(method);
    const listener = this.#listeners.get(String(params.sessionId));
    const allowed = listener?.allows(params.toolCall as ToolCallUpdate) === true;
    const options = (params.options ?? []) as PermissionOption[];
    const choice = options.find(({ kind }) => kind === (allowed ? 'allow_once' : 'reject_once'));
    return { outcome: choice ? { outcome: 'selected', optionId: choice.optionId } : { outcome: 'cancelled' } };
  }
}
