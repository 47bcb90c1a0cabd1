import type { ServerResponse } from 'node:http';
import type { FunctionTool } from '../core/tool.ts';
import type { Loopback, LoopbackHandler } from './loopback.ts';
import type { McpResult } from './mcp-result.ts';
import { answerMcp, type McpMessage, type McpReply } from './mcp-server.ts';

/** Clients give a silent response up after a minute. */
const heartbeatMs = 10_000;

/** A tool call that a CLI makes and that waits for its result. */
export interface McpCall {
  name: string;
  arguments: Record<string, unknown>;
  /** Aborted when the CLI does not wait any more. */
  signal: AbortSignal;
}

export interface HttpDoorOptions {
  tools: readonly FunctionTool[];
  /** Settles with the result, as late as it likes. A throw is told to the CLI as a failed call. */
  onCall(call: McpCall): Promise<McpResult>;
}

/** Where a CLI finds the caller's tools. Disposing of it ends the calls that wait. */
export interface HttpDoor extends Disposable {
  url: string;
}

/** An MCP server (streamable HTTP, without sessions) that shows these tools, under a URL of its own. */
export async function openHttpDoor(loopback: Loopback, options: HttpDoorOptions): Promise<HttpDoor> {
  const waiting = new Set<ServerResponse>();
  const mounted = await loopback.mount(serve(options, waiting));
  return {
    url: mounted.url,
    [Symbol.dispose]: () => {
      mounted[Symbol.dispose]();
      for (const response of waiting) response.destroy();
    },
  };
}

function serve(options: HttpDoorOptions, waiting: Set<ServerResponse>): LoopbackHandler {
  return async ({ method, body }, response) => {
    // No messages of the server's own, and no session to delete.
    if (method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    const message = parse(body);
    if (message === undefined) {
      response.writeHead(400).end();
    } else if (message.method === 'tools/call' && message.id !== undefined) {
      waiting.add(response);
      await answerCall(message, options, response);
      waiting.delete(response);
    } else {
      const reply = answerMcp(message, options.tools);
      if (reply === undefined) response.writeHead(202).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    }
  };
}

async function answerCall(message: McpMessage, options: HttpDoorOptions, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(': waiting\n\n'), heartbeatMs);
  const gone = new AbortController();
  response.once('close', () => {
    clearInterval(heartbeat);
    gone.abort();
  });
  const { name, arguments: given } = message.params ?? {};
  const call = { name: String(name), arguments: isObject(given) ? given : {}, signal: gone.signal };
  const result = await options.onCall(call).catch((): McpResult => {
    return { content: [{ type: 'text', text: 'The tool could not be run.' }], isError: true };
  });
  const reply: McpReply = { jsonrpc: '2.0', id: message.id ?? 0, result: { ...result } };
  response.end(`event: message\ndata: ${JSON.stringify(reply)}\n\n`);
}

function parse(body: string): McpMessage | undefined {
  try {
    const message: unknown = JSON.parse(body);
    return isObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
