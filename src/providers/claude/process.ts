import { randomUUID } from 'node:crypto';
import { Child } from '../../process/child.ts';
import type { Workspace } from '../../process/workspace.ts';
import { type ControlRequest, type OutputLine, parseLine } from './wire.ts';

const controlTimeoutMs = 30_000;
const stopGraceMs = 3_000;

export interface ClaudeProcessOptions {
  executable: string;
  arguments: readonly string[];
  environment: Record<string, string>;
  workspace: Workspace;
  /** Where the CLI keeps what it removes itself unless it is killed. */
  configDirectory: string;
}

/** A running `claude` in stream-json mode: lines in, lines out, and the control channel between them. */
export class ClaudeProcess {
  readonly exited: Promise<string>;
  /** Every line that is not of the control channel. */
  onOutput: (line: OutputLine) => void = () => {};
  /** Answers what the CLI asks. */
  onControl: (request: ControlRequest) => Promise<Record<string, unknown>> | Record<string, unknown> = () => ({});
  #child: Child;
  #batch: string[] | undefined;
  #pending = new Map<string, { resolve: (value: Record<string, unknown>) => void; reject: (error: Error) => void }>();

  constructor(options: ClaudeProcessOptions) {
    const directory = options.workspace.createDirectory();
    // The CLI keeps sockets and scratch files in the temporary folder: one of its own goes when it goes.
    const temporary = options.workspace.createDirectory();
    this.#child = new Child({
      executable: options.executable,
      arguments: options.arguments,
      environment: { ...options.environment, TMPDIR: temporary, CLAUDE_CODE_TMPDIR: temporary },
      directory,
      // On SIGTERM the CLI lets one more request out; on SIGINT it stops at once and tidies up.
      stopSignal: 'SIGINT',
      stopGraceMs,
      onLine: (line) => this.#read(line),
    });
    const { pid } = this.#child;
    const untrack = pid === undefined ? undefined : options.workspace.track(pid, leftovers(options, pid));
    this.exited = this.#child.exited.then((reason) => {
      untrack?.();
      options.workspace.removeDirectory(directory);
      options.workspace.removeDirectory(temporary);
      for (const { reject } of this.#pending.values()) reject(new Error(`claude ${reason}`));
      this.#pending.clear();
      return reason;
    });
  }

  get alive(): boolean {
    return this.#child.alive;
  }

  get errorTail(): string {
    return this.#child.errorTail;
  }

  /** Everything written while `write` runs leaves in one piece. */
  batched(write: () => void): void {
    this.#batch = [];
    try {
      write();
    } finally {
      this.#child.write(this.#batch.join(''));
      this.#batch = undefined;
    }
  }

  send(line: Record<string, unknown>): void {
    const text = `${JSON.stringify(line)}\n`;
    if (this.#batch) this.#batch.push(text);
    else this.#child.write(text);
  }

  /** Asks the CLI; fails when it says no, is gone, or does not answer in time. */
  control(request: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const timer = setTimeout(() => reject(new Error(`no answer to ${request.subtype}`)), controlTimeoutMs);
    this.#pending.set(id, { resolve, reject });
    const done = () => {
      clearTimeout(timer);
      this.#pending.delete(id);
    };
    promise.then(done, done);
    if (this.alive) this.send({ type: 'control_request', request_id: id, request });
    else reject(new Error('claude is gone'));
    return promise;
  }

  setPaused(paused: boolean): void {
    this.#child.setPaused(paused);
  }

  stop(): void {
    this.#child.stop();
  }

  async end(): Promise<void> {
    await this.#child.end();
    await this.exited;
  }

  #read(text: string): void {
    const line = parseLine(text);
    if (line === undefined) return;
    if (line.type === 'control_response') this.#settle(line.response);
    else if (line.type === 'control_request') void this.#answer(line.request_id, line.request);
    else this.onOutput(line);
  }

  #settle(response: { request_id: string; subtype: string; response?: Record<string, unknown>; error?: string }): void {
    const waiting = this.#pending.get(response.request_id);
    if (response.subtype === 'success') waiting?.resolve(response.response ?? {});
    else waiting?.reject(new Error(response.error ?? 'refused'));
  }

  async #answer(id: string, request: ControlRequest): Promise<void> {
    try {
      const response = await this.onControl(request);
      this.send({ type: 'control_response', response: { subtype: 'success', request_id: id, response } });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.send({ type: 'control_response', response: { subtype: 'error', request_id: id, error: message } });
    }
  }
}

/** A name and a key by which other sessions could reach this one. */
function leftovers(options: ClaudeProcessOptions, pid: number): string[] {
  return [`${options.configDirectory}/sessions/${pid}.`];
}
