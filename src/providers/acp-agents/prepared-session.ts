import { isDeepStrictEqual } from 'node:util';
import type { FunctionTool } from '../../core/tool.ts';
import { type HttpDoor, type HttpDoorOptions, openHttpDoor } from '../../tool-bridge/http-door.ts';
import type { Loopback } from '../../tool-bridge/loopback.ts';
import { type MakingOptions, NewSession } from './new-session.ts';

type OnCall = HttpDoorOptions['onCall'];

export interface PreparingOptions extends Omit<MakingOptions, 'mcpServers'> {
  loopback: Loopback;
  /** Of the server with these tools. */
  serverName: string;
  tools: readonly FunctionTool[];
}

/** A session that was made before its request: with the tools that callers brought lately, since it cannot get others. */
export class PreparedSession implements AsyncDisposable {
  readonly session: NewSession;
  #tools: readonly FunctionTool[];
  #door: HttpDoor | undefined;
  #owner: { onCall: OnCall };

  static async make({ loopback, serverName, tools, ...making }: PreparingOptions): Promise<PreparedSession> {
    const owner = { onCall: (): ReturnType<OnCall> => Promise.reject(new Error('nobody has asked anything yet')) };
    const onCall: OnCall = (call) => (owner as { onCall: OnCall }).onCall(call);
    const door = tools.length === 0 ? undefined : await openHttpDoor(loopback, { tools, onCall });
    try {
      const mcpServers = door ? [{ type: 'http' as const, name: serverName, url: door.url, headers: [] }] : [];
      const session = await NewSession.make({ ...making, mcpServers });
      return new PreparedSession({ session, tools, door, owner });
    } catch (error) {
      door?.[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(options: {
    session: NewSession;
    tools: readonly FunctionTool[];
    door: HttpDoor | undefined;
    owner: { onCall: OnCall };
  }) {
    this.session = options.session;
    this.#tools = options.tools;
    this.#door = options.door;
    this.#owner = options.owner;
  }

  get alive(): boolean {
    return this.session.lease.process.alive;
  }

  /** Whether it can be used for a request with these tools. */
  suits(tools: readonly FunctionTool[]): boolean {
    return this.alive && isDeepStrictEqual(this.#tools, tools);
  }

  /** The door to its tools, from now on the new owner's. */
  takeDoor(onCall: OnCall): HttpDoor | undefined {
    this.#owner.onCall = onCall;
    return this.#door;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#door?.[Symbol.dispose]();
    await this.session[Symbol.asyncDispose]();
  }
}
