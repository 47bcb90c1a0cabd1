import type { FunctionTool } from '../core/tool.ts';

type JsonRpcId = string | number;

/** A JSON-RPC message of the Model Context Protocol; without an id it is a notification. */
export interface McpMessage {
  jsonrpc?: '2.0';
  id?: JsonRpcId;
  method?: string;
  params?: Record<string, unknown>;
}

export interface McpReply {
  jsonrpc: '2.0';
  id: JsonRpcId;
  result?: Record<string, unknown>;
  error?: { code: number; message: string };
}

/**
 * What an MCP server that offers these tools answers. It runs none of them: a call is the caller's to make, and one that
 * arrives here all the same is answered with an error. Undefined for a notification.
 */
export function answerMcp(message: McpMessage, tools: readonly FunctionTool[]): McpReply | undefined {
  if (message.id === undefined) return undefined;
  const reply = (result: Record<string, unknown>): McpReply => ({
    jsonrpc: '2.0',
    id: message.id as JsonRpcId,
    result,
  });
  switch (message.method) {
    case 'initialize':
      return reply({
        protocolVersion: message.params?.protocolVersion ?? '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'caller', version: '1' },
      });
    case 'ping':
      return reply({});
    case 'tools/list':
      return reply({ tools: tools.map(describeTool) });
    case 'tools/call':
      return reply({ content: [{ type: 'text', text: 'This tool is run by the caller.' }], isError: true });
    default:
      return {
        jsonrpc: '2.0',
        id: message.id,
        error: { code: -32601, message: `Unknown method ${String(message.method)}` },
      };
  }
}

function describeTool(tool: FunctionTool): Record<string, unknown> {
  return {
    name: tool.name,
    description: tool.description ?? '',
    // One schema without it makes some clients drop the whole list.
    inputSchema: { ...tool.parameters, type: 'object' },
    _meta: { 'anthropic/alwaysLoad': true },
  };
}
