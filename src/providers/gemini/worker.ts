import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { JsonRpcSilence } from '../../process/json-rpc.ts';
import type { Workspace } from '../../process/workspace.ts';
import { AgentProcess } from '../acp/agent-process.ts';
import type { McpServer, SessionModels, SessionResult } from '../acp/wire.ts';
import type { GeminiCommand } from './command.ts';
import { geminiEnvironment } from './environment.ts';
import { type GeminiHome, prepareHome, recordsDirectory, slotDirectory } from './home.ts';
import type { GeminiLogin } from './login.ts';
import { ResponseLog } from './response-log.ts';
import type { SessionFile } from './session-file.ts';
import { type SessionShape, writeShape } from './session-shape.ts';

const startTimeoutMs = 30_000;
const loadTimeoutMs = 30_000;
/** The CLI keeps every session that it ever made. */
const mostSessions = 400;
const mostBytes = 700 * 1024 * 1024;

export interface WorkerOptions {
  command: GeminiCommand;
  environment: Record<string, string | undefined>;
  login: GeminiLogin;
  workspace: Workspace;
}

export interface LoadOptions {
  id: string;
  slot: number;
  file: SessionFile;
  shape: SessionShape;
  mcpServers: McpServer[];
  signal: AbortSignal;
}

/** One running Gemini CLI with a home of its own. All its sessions share one system prompt. */
export class GeminiWorker {
  readonly process: AgentProcess;
  readonly log: ResponseLog;
  /** The system prompt that its sessions have, or are about to have; undefined while it has none. */
  system: string | undefined;
  /** Turns that may ask the model again with the system prompt of that moment: it may not change meanwhile. */
  pins = 0;
  /** Turns under way. */
  turns = 0;
  #home: GeminiHome;
  #written: { system?: string; shape?: SessionShape } = {};
  #freeSlots: number[] = [];
  #slots = 0;
  #bytes = 0;

  /** Starts one. It is ready when `process.ready` is. */
  static async start({ command, environment, login, workspace }: WorkerOptions): Promise<GeminiWorker> {
    const directory = workspace.createDirectory();
    try {
      const home = await prepareHome(directory, login, environment.PATH ?? '');
      const process = new AgentProcess({
        executable: command.executable,
        arguments: [...command.arguments, '--acp', `--record-responses=${home.responsesFile}`],
        environment: {
          ...geminiEnvironment(environment, login, home),
          // A script of somebody's own around the CLI has to find it, and its Node.
          ...(command.arguments.length === 0 && environment.PATH && { PATH: environment.PATH }),
        },
        directory: home.workDirectory,
        workspace,
        startTimeoutMs,
      });
      void process.exited.then(() => workspace.removeDirectory(directory));
      return new GeminiWorker(process, home);
    } catch (error) {
      workspace.removeDirectory(directory);
      throw error;
    }
  }

  private constructor(process: AgentProcess, home: GeminiHome) {
    this.process = process;
    this.#home = home;
    this.log = new ResponseLog(home.responsesFile);
    void process.exited.then(() => this.log[Symbol.dispose]());
  }

  /** It has made so many sessions, or grown so much, that a fresh one should take its place. */
  get isWorn(): boolean {
    return this.process.sessionsMade >= mostSessions || this.#bytes > mostBytes;
  }

  /** A place for one session: a directory that is empty but for what the session's hooks read. */
  async takeSlot(): Promise<number> {
    const slot = this.#freeSlots.pop() ?? this.#slots + 1;
    this.#slots = Math.max(this.#slots, slot);
    await Promise.all([
      mkdir(slotDirectory(this.#home.directory, slot), { recursive: true, mode: 0o700 }),
      mkdir(this.#chats(slot), { recursive: true, mode: 0o700 }),
    ]);
    return slot;
  }

  directory(slot: number): string {
    return slotDirectory(this.#home.directory, slot);
  }

  /** Gives the place back, emptied: the CLI writes conversations down. */
  async freeSlot(slot: number): Promise<void> {
    if (!this.process.alive) return;
    await Promise.all([
      rm(slotDirectory(this.#home.directory, slot), { recursive: true, force: true }),
      rm(recordsDirectory(this.#home.directory, slot), { recursive: true, force: true }),
    ]);
    this.#freeSlots.push(slot);
    this.#bytes = (await this.process.residentBytes()) ?? 0;
  }

  /** The models that the CLI offers with this login. */
  async listModels(): Promise<SessionModels> {
    const slot = await this.takeSlot();
    try {
      const cwd = this.directory(slot);
      const made = await this.process.exclusively(() => this.#made('session/new', { cwd, mcpServers: [] }));
      return made.models ?? { availableModels: [] };
    } finally {
      await this.freeSlot(slot);
    }
  }

  /** Makes a session that holds this conversation, of this shape, with the system prompt as it is now. */
  async load({ id, slot, file, shape, mcpServers, signal }: LoadOptions): Promise<void> {
    const { system = '' } = this;
    await writeFile(join(this.#chats(slot), file.name), file.text, { mode: 0o600 });
    await this.process.exclusively(async () => {
      signal.throwIfAborted();
      await this.#prepare(system, shape);
      this.process.sessionsMade += 1;
      const cwd = this.directory(slot);
      await this.#made('session/load', { sessionId: id, cwd, mcpServers });
    });
  }

  /** A worker that does not answer is of no more use to anybody. */
  async #made(method: string, params: Record<string, unknown>): Promise<SessionResult> {
    try {
      return (await this.process.request(method, params, { timeoutMs: loadTimeoutMs })) as SessionResult;
    } catch (error) {
      if (error instanceof JsonRpcSilence) this.process.stop();
      throw error;
    }
  }

  #chats(slot: number): string {
    return join(recordsDirectory(this.#home.directory, slot), 'chats');
  }

  /** What the CLI reads as it makes a session. */
  async #prepare(system: string, shape: SessionShape): Promise<void> {
    if (this.#written.system !== system) await writeFile(this.#home.systemFile, system, { mode: 0o600 });
    if (!isDeepStrictEqual(this.#written.shape, shape)) await writeShape(this.#home.directory, shape);
    this.#written = { system, shape };
  }
}
