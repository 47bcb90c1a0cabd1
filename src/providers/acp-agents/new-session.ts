import { setTimeout as sleep } from 'node:timers/promises';
import { stdioProgram } from '../../tool-bridge/stdio-server.ts';
import type { HttpMcpServer, InitializeResult, McpServer, SessionResult } from '../acp/wire.ts';
import type { AgentHost, Lease } from './agent-host.ts';
import type { AcpAgentEntry } from './entry.ts';
import { SessionSettings } from './session-settings.ts';

const creationTimeoutMs = 60_000;
const closingMs = 2_000;

export interface MakingOptions {
  entry: AcpAgentEntry;
  host: AgentHost;
  mcpServers: readonly HttpMcpServer[];
  signal: AbortSignal;
}

/** A session in an agent, with an empty directory of its own, that nobody has asked anything yet. */
export class NewSession implements AsyncDisposable {
  readonly lease: Lease;
  readonly id: string;
  readonly settings: SessionSettings;
  readonly capabilities: InitializeResult;

  /** Fails with what the agent says, or a `GatewayError`. */
  static async make({ entry, host, mcpServers, signal }: MakingOptions): Promise<NewSession> {
    const lease = await host.lease(signal);
    try {
      const capabilities = await lease.process.ready;
      const isHttp = entry.toolServer === undefined ? canHttp(capabilities) : entry.toolServer === 'http';
      const result = (await lease.process.exclusively(() => {
        signal.throwIfAborted();
        lease.process.sessionsMade += 1;
        const servers = isHttp ? mcpServers : mcpServers.map(overStdio);
        const params = { cwd: lease.directory, mcpServers: servers, ...(entry.meta && { _meta: entry.meta }) };
        return lease.process.request('session/new', params, { timeoutMs: creationTimeoutMs });
      })) as SessionResult;
      const session = new NewSession(lease, capabilities, result);
      try {
        await session.settings.choose(entry.options);
      } catch (error) {
        await session[Symbol.asyncDispose]();
        throw error;
      }
      return session;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  private constructor(lease: Lease, capabilities: InitializeResult, result: SessionResult) {
    this.lease = lease;
    this.id = result.sessionId ?? '';
    this.settings = new SessionSettings(lease.process, result);
    this.capabilities = capabilities;
  }

  /** Has the agent forget the session, as far as it offers to. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { close, delete: remove } = this.capabilities.agentCapabilities?.sessionCapabilities ?? {};
    for (const [method, offered] of [
      ['session/close', close],
      ['session/delete', remove],
    ] as const) {
      if (!offered || !this.lease.process.alive) continue;
      const done = this.lease.process.request(method, { sessionId: this.id }).catch(() => {});
      await Promise.race([done, sleep(closingMs, undefined, { ref: false })]);
    }
    this.lease.release();
  }
}

function canHttp({ agentCapabilities }: InitializeResult): boolean {
  return agentCapabilities?.mcpCapabilities?.http === true;
}

function overStdio({ name, url }: HttpMcpServer): McpServer {
  return { name, ...stdioProgram(url) };
}
