import { answerMcp, type McpMessage } from '../../tool-bridge/mcp-server.ts';
import type { ClaudeProcess } from './process.ts';

/** Not the name of the caller's server: what is left of this one could not be taken for it. */
const server = 'rehearsal';
const tool = { kind: 'function', name: 'rehearse', parameters: { type: 'object', properties: {} } } as const;

/**
 * Has a process that waits for its first request connect to a server of tools and leave it again, so that the code for
 * it is loaded and warm when the caller's tools come. Nothing of it is left, and the model API sees nothing of it.
 */
export async function rehearseTools(process: ClaudeProcess): Promise<void> {
  process.onControl = (request) => {
    const reply = request.subtype === 'mcp_message' ? answerMcp(request.message as McpMessage, [tool]) : undefined;
    return { mcp_response: reply ?? { jsonrpc: '2.0', id: 0, result: {} } };
  };
  await process.control({ subtype: 'mcp_set_servers', servers: { [server]: { type: 'sdk', name: server } } });
  await process.control({ subtype: 'mcp_set_servers', servers: {} });
}
