import { checkNesting } from '../read.ts';

/** Whether a block of this type tells what the model's API did itself in the middle of an answer: a search, a fetch. */
export function isServerBlock(type: string): boolean {
  return ['server_tool_use', 'mcp_tool_use', 'mcp_tool_listing'].includes(type) || type.endsWith('_tool_result');
}

/**
 * Such a block as marked text, for models behind APIs that have no place for it. What only the API that wrote it can
 * read is left out.
 */
export function serverBlockText(type: string, block: unknown, at: string): string {
  checkNesting(block, at);
  const json = JSON.stringify(block, (key, value) => (key.startsWith('encrypted_') ? undefined : value));
  return `<${type}>\n${json}\n</${type}>`;
}
