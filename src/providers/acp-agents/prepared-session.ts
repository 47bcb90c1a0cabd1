import { isDeepStrictEqual } from 'node:util';
import type { FunctionTool } from '../../core/tool.ts';
import { type HttpDoor, type HttpDoorOptions, openHttpDoor } from '../../tool-bridge/http-door.ts';
import type { Loopback } from '../../tool-bridge/loopback.ts';
import { type MakingOptions, NewSession } from './new-session.ts';

type OnCall = HttpDoorOptions['onCall'];

export interface PreparingOptions extends Omit<MakingOptions, 'mcpServers'> {
  loopback: Loopback;
  /** Of the server with the tools. */
  serverName: string;
  usual: Usual;
}

/** What conversations usually begin with. */
export interface Usual {
  tools: readonly FunctionTool[];
  /** The agent's own id; undefined for the one that it takes by itself. */
  model: string | undefined;
}

/** A session that was made before its request, with what callers asked for lately: it cannot get other tools later. */
export class PreparedSession implements AsyncDisposable {
  readonly session: NewSession;
  #tools: readonly FunctionTool[];
  #door: HttpDoor | undefined;
  #owner: { onCall: OnCall };

  static async make({ loopback, serverName, usual, ...making }: PreparingOptions): Promise<PreparedSession> {
    const { tools, model } = usual;
    const owner = { onCall: (): ReturnType<OnCall> => Promise.reject(new Error('nobody has asked anything yet')) };
    const onCall: OnCall = (call) => (owner as { onCall: OnCall }).onCall(call);
    const door = tools.length === 0 ? undefined : await openHttpDoor(loopback, { tools, onCall });
    try {
      const mcpServers = door ? [{ type: 'http' as const, name: serverName, url: door.url, headers: [] }] : [];
      const session = await NewSession.make({ ...making, mcpServers });
      // A model that the agent refuses is the next request's to hear of.
      await session.settings.chooseModel(model).catch(() => {});
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
