import type { ToolCallUpdate } from '../acp/wire.ts';
import type { ToolNames } from '../tool-names.ts';

/** The name of the server with the caller's tools: agents put it in front of the tools' own names. */
export const serverName = 'client';

/** What an agent does to the machine itself is never the caller's tool, whatever it calls it. */
const ownKinds = new Set(['read', 'edit', 'delete', 'move', 'execute', 'search', 'switch_mode']);

/**
 * Which of the caller's tools a call is, by the tool's own name on the caller's side: the call's name or title is just
 * that tool's, in one of the forms in which agents write a tool of an MCP server. A title that only mentions a tool is
 * somebody else's.
 */
export function callersTool(
  call: Pick<ToolCallUpdate, 'name' | 'title' | 'kind'>,
  names: ToolNames,
): string | undefined {
  if (ownKinds.has(call.kind ?? 'other')) return undefined;
  const said = new Set([call.name ?? '', call.title ?? '']);
  const tool = names.tools.find(({ name }) => formsOf(name).some((form) => said.has(form)));
  return tool && names.caller(tool.name);
}

function formsOf(name: string): string[] {
  const joined = ['_', '__', '-', '.', '/', ':', ': ', ' / '].map((separator) => `${serverName}${separator}${name}`);
  return [
    ...joined.flatMap((form) => [form, `Tool: ${form}`]),
    `mcp__${serverName}__${name}`,
    `mcp_${serverName}_${name}`,
    `mcp.${serverName}.${name}`,
    `${name} (${serverName})`,
    `${name} (${serverName} MCP Server)`,
  ];
}
