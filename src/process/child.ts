import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { LineSplitter } from '../stream/lines.ts';

const maxLineBytes = 256 * 1024 * 1024;
const keptErrorCharacters = 4_000;
/** How long output that is held open may still come in when the program itself has left. */
const orphanedOutputMs = 1_000;

export interface ChildOptions {
  executable: string;
  arguments: readonly string[];
  /** The whole environment: nothing is inherited. */
  environment: Record<string, string>;
  directory: string;
  /** The signal on which this program stops at once and tidies up after itself. */
  stopSignal: NodeJS.Signals;
  /** Milliseconds from the stop signal to SIGKILL. */
  stopGraceMs: number;
  /** One line of standard output. A throw ends the child. */
  onLine: (line: string) => void;
}

/**
 * A program that talks in lines over its standard streams, in a process group of its own: a Ctrl-C in our terminal does
 * not reach it, and stopping it stops whatever it started.
 */
export class Child {
  readonly pid: number | undefined;
  /**
   * Settles once, when the program is gone and its output is read, with the reason in words. What it has started in a
   * group of its own may hold that output open: it is not waited for.
   */
  readonly exited: Promise<string>;
  #process: ChildProcessWithoutNullStreams | undefined;
  #alive = true;
  #ending = false;
  #stopping = false;
  #left = false;
  #errorTail = '';
  #fault: string | undefined;
  readonly #options: ChildOptions;

  constructor(options: ChildOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.exited = promise;
    const fail = (error: unknown) => this.#settle(resolve, `could not be started: ${messageOf(error)}`);
    let child: ChildProcessWithoutNullStreams;
    try {
      child = spawn(options.executable, options.arguments, {
        cwd: options.directory,
        env: options.environment,
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      });
    } catch (error) {
      // Some failures are thrown (arguments or environment too big), the others are events.
      fail(error);
      return;
    }
    child.once('error', fail);
    this.pid = child.pid;
    // Not started: there may be no streams either.
    if (child.pid === undefined) return;
    this.#process = child;
    // What the program may have started in its group must not outlive it, nor keep its output open.
    child.once('exit', () => {
      this.#signal('SIGKILL');
      // From now on the number may be somebody else's.
      this.#left = true;
      this.#closeOutput(child);
    });
    child.once('close', (code, signal) => this.#settle(resolve, describeExit(code, signal)));
    // A write to a program that has just died is no news: `exited` tells.
    child.stdin.on('error', () => {});
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorTail = (this.#errorTail + text).slice(-keptErrorCharacters);
    });
    this.#readOutput(child.stdout);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** The end of what the program wrote to standard error: for the log, never for a caller. */
  get errorTail(): string {
    return this.#errorTail;
  }

  /** Sends text to the program. Lost without an error when the program is gone. */
  write(text: string): void {
    if (this.#alive && this.#process?.stdin.writable) this.#process.stdin.write(text);
  }

  /** Stops reading the program's output, so that it waits for us instead of filling our memory. Not while it ends. */
  setPaused(paused: boolean): void {
    if (paused && !this.#ending) this.#process?.stdout.pause();
    else this.#process?.stdout.resume();
  }

  /** Ends the program's input and, should it not leave by itself, stops it. */
  async end(): Promise<string> {
    if (!this.#alive) return this.exited;
    this.#drain();
    this.#process?.stdin.end();
    const timer = setTimeout(() => this.stop(), this.#options.stopGraceMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Stops the program now: its stop signal, then SIGKILL. */
  stop(): void {
    if (!this.#alive || this.#stopping) return;
    this.#stopping = true;
    this.#drain();
    this.#signal(this.#options.stopSignal);
    const timer = setTimeout(() => this.#signal('SIGKILL'), this.#options.stopGraceMs);
    void this.exited.then(() => clearTimeout(timer));
  }

  /** Paused output would keep `close` from ever coming. */
  #drain(): void {
    this.#ending = true;
    this.setPaused(false);
  }

  #readOutput(output: Readable): void {
    const splitter = new LineSplitter({ maxBytes: maxLineBytes });
    output.on('data', (chunk: Buffer) => {
      if (this.#fault !== undefined) return;
      try {
        for (const line of splitter.feed(chunk)) this.#options.onLine(line);
      } catch (error) {
        this.#fault = `sent what cannot be read: ${messageOf(error)}`;
        this.stop();
      }
    });
  }

  /** Waits a while for the output's end, not counting the time in which nobody reads it. */
  #closeOutput(child: ChildProcessWithoutNullStreams): void {
    const timer = setTimeout(() => {
      if (child.stdout.isPaused()) return this.#closeOutput(child);
      child.stdout.destroy();
      child.stderr.destroy();
    }, orphanedOutputMs);
    child.once('close', () => clearTimeout(timer));
  }

  #settle(resolve: (reason: string) => void, reason: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    resolve(this.#fault ?? reason);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.pid === undefined || this.#left) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The group is already gone.
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exited with code ${code}` : `ended by ${signal}`;
}
