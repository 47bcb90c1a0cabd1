import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '../../process/workspace.ts';
import { AgentProcess } from '../acp/agent-process.ts';
import type { McpServer, SessionModels, SessionResult } from '../acp/wire.ts';
import type { QwenCommand } from './command.ts';
import { qwenEnvironment } from './environment.ts';
import { prepareFolders, type QwenFolders } from './folders.ts';
import type { QwenLogin } from './login.ts';
import { chatsFolder, sessionFile } from './session-file.ts';

const startTimeoutMs = 30_000;
const closeTimeoutMs = 2_000;
const prepareAtMostMs = 3_000;
/** What a process is replaced for: it is not known to grow, so these are far away. */
const sessionsAtMost = 5_000;
const bytesAtMost = 700 * 1024 * 1024;

/** A directory that sessions run in, one after the other. */
export interface Slot {
  number: number;
  directory: string;
  /** Where the CLI writes down what it asks the model API. */
  exchanges: string;
  /** Where the CLI looks for the conversation. */
  chats: string;
}

export interface WorkerOptions {
  command: QwenCommand;
  login: QwenLogin;
  environment: Record<string, string | undefined>;
  workspace: Workspace;
  /** The longest that one request to the model API may take, in milliseconds. */
  timeoutMs: number;
}

/** What a session is made of. */
export interface Making {
  id: string;
  slot: Slot;
  system: string;
  settings: Record<string, unknown>;
  conversation: string;
  mcpServers: McpServer[];
}

/** A running `qwen --acp` with a home of its own, and the sessions in it. */
export class Worker {
  readonly process: AgentProcess;
  readonly login: QwenLogin;
  /** Settles when the process and all its files are gone. */
  readonly gone: Promise<void>;
  #folders: QwenFolders;
  #slots: string;
  #models: SessionModels | undefined;
  #system: string | undefined;
  #free: Slot[] = [];
  #slotCount = 0;
  #open = 0;
  #retired = false;

  static async start(options: WorkerOptions): Promise<Worker> {
    const directory = options.workspace.createDirectory();
    const folders = await prepareFolders(directory, options.login).catch((error) => {
      options.workspace.removeDirectory(directory);
      throw error;
    });
    const worker = new Worker(options, directory, folders);
    try {
      await worker.process.ready;
      await worker.#rehearse();
      return worker;
    } catch (error) {
      await worker.end();
      throw error;
    }
  }

  private constructor(options: WorkerOptions, directory: string, folders: QwenFolders) {
    this.login = options.login;
    this.#folders = folders;
    this.#slots = join(directory, 'slots');
    this.process = new AgentProcess({
      executable: options.command.executable,
      arguments: [...options.command.arguments, '--acp'],
      environment: qwenEnvironment(options.environment, {
        login: options.login,
        folders,
        timeoutMs: options.timeoutMs,
      }),
      directory: folders.home,
      workspace: options.workspace,
      startTimeoutMs,
    });
    this.gone = this.process.exited.then(() => options.workspace.removeDirectory(directory));
  }

  /** What the CLI says about its models. */
  get models(): SessionModels | undefined {
    return this.#models;
  }

  async takeSlot(): Promise<Slot> {
    this.#open += 1;
    return this.#free.pop() ?? this.#makeSlot();
  }

  /** Makes a session that holds the conversation; one at a time, because the file with the system prompt is one for all. */
  async makeSession(making: Making): Promise<SessionResult> {
    const { id, slot, mcpServers } = making;
    await Promise.all([
      writeFile(join(slot.directory, '.qwen', 'settings.json'), JSON.stringify(making.settings), { mode: 0o600 }),
      writeFile(join(slot.chats, `${id}.jsonl`), making.conversation, { mode: 0o600 }),
    ]);
    return this.process.exclusively(async () => {
      await this.#tellSystem(making.system);
      this.process.sessionsMade += 1;
      const params = { sessionId: id, cwd: slot.directory, mcpServers };
      return (await this.process.request('session/resume', params)) as SessionResult;
    });
  }

  /** Makes the first session, which takes the longest, and asks nothing in it: the CLI is then ready for those to come. */
  async #rehearse(): Promise<void> {
    const slot = await this.takeSlot();
    const id = randomUUID();
    const prepared = Promise.withResolvers<void>();
    const unlisten = this.process.listen(id, {
      // The last thing that it does by itself for a new session; the first time it looks around with programs.
      onUpdate: ({ sessionUpdate }) => sessionUpdate === 'available_commands_update' && prepared.resolve(),
      allows: () => false,
    });
    try {
      const { directory } = slot;
      const conversation = sessionFile([{ kind: 'user', parts: [{ text: '.' }] }], { id, directory, now: new Date() });
      const made = await this.makeSession({ id, slot, system: '', settings: {}, conversation, mcpServers: [] });
      this.#models = made.models;
      await Promise.race([prepared.promise, sleep(prepareAtMostMs, undefined, { ref: false })]);
    } finally {
      unlisten();
      await this.closeSession(id, slot);
    }
  }

  /** Forgets a session, in the CLI and on the disk, and gives its slot back. */
  async closeSession(id: string, slot: Slot): Promise<void> {
    const options = { timeoutMs: closeTimeoutMs };
    await this.process.request('qwen/control/session/close', { sessionId: id }, options).catch(() => {});
    if (this.process.alive) {
      await Promise.all([
        rm(join(slot.directory, '.qwen', 'settings.json'), { force: true }),
        rm(join(slot.chats, `${id}.jsonl`), { force: true }),
        emptyFolder(slot.exchanges),
      ]);
      this.#free.push(slot);
    } else {
      await this.gone;
    }
    this.#open -= 1;
    this.#leaveIfDone();
  }

  /** Whether another process should be started in its stead. */
  async isWorn(): Promise<boolean> {
    if (this.process.sessionsMade >= sessionsAtMost) return true;
    return ((await this.process.residentBytes()) ?? 0) > bytesAtMost;
  }

  /** Takes no more sessions and leaves with the last one. */
  retire(): void {
    this.#retired = true;
    this.#leaveIfDone();
  }

  async end(): Promise<void> {
    await this.process.end();
    await this.gone;
  }

  #leaveIfDone(): void {
    if (this.#retired && this.#open === 0) this.process.stop();
  }

  async #makeSlot(): Promise<Slot> {
    this.#slotCount += 1;
    const number = this.#slotCount;
    const directory = join(this.#slots, String(number));
    const slot = {
      number,
      directory,
      exchanges: join(directory, 'exchanges'),
      chats: join(this.#folders.runtime, chatsFolder(directory)),
    };
    for (const folder of [join(directory, '.qwen'), slot.exchanges, slot.chats]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    // Without it the CLI tells the model which language to answer in.
    await writeFile(join(directory, '.qwen', 'output-language.md'), '');
    return slot;
  }

  async #tellSystem(system: string): Promise<void> {
    if (system === this.#system) return;
    this.#system = undefined;
    await writeFile(this.#folders.systemFile, system, { mode: 0o600 });
    this.#system = system;
  }
}

async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
}
