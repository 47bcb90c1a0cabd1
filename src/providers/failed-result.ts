import type { ToolMessage, ToolResultPart } from '../core/message.ts';

/**
 * What a tool gave back, for a CLI whose results have no mark for failure: the text of a failure says so itself, ahead
 * of whatever else there is.
 */
export function resultInWords({ content, isError }: ToolMessage): ToolResultPart[] {
  if (!isError) return content;
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  return [{ type: 'text', text: `<error>\n${text}\n</error>` }, ...content.filter(({ type }) => type !== 'text')];
}
