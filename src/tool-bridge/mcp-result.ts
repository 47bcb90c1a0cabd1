import type { ToolMessage, ToolResultPart } from '../core/message.ts';

/** What a tool call of the Model Context Protocol comes back with. */
export interface McpResult {
  content: McpContent[];
  isError?: boolean;
}

export type McpContent =
  | { type: 'text'; text: string }
  | { type: 'image'; data: string; mimeType: string }
  | { type: 'resource'; resource: { uri: string; mimeType: string; blob: string } };

/** The caller's result of a tool call as the protocol has it. */
export function toMcpResult(message: ToolMessage): McpResult {
  return { content: message.content.flatMap(toContent), ...(message.isError && { isError: true }) };
}

function toContent(part: ToolResultPart): McpContent[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'image':
      if (part.source.kind === 'url') return [{ type: 'text', text: part.source.url }];
      return [{ type: 'image', data: part.source.data, mimeType: part.source.mediaType }];
    case 'file': {
      const uri = `file:///${encodeURIComponent(part.name ?? 'file')}`;
      return [{ type: 'resource', resource: { uri, mimeType: part.mediaType, blob: part.data } }];
    }
  }
}
