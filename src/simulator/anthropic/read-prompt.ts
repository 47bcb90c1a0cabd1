import { elements, isObject } from '../json.ts';
import type { Prompt } from '../prompt.ts';

/** Reads the last user message, whatever comes after it; tolerates any body. */
export function readPrompt(body: unknown): Prompt {
  const request = isObject(body) ? body : {};
  const messages = elements(request.messages).filter(isObject);
  const content = messages.findLast(({ role }) => role === 'user')?.content;
  const blocks = elements(content).filter(isObject);
  const config = isObject(request.output_config) ? request.output_config : {};
  const format = isObject(config.format) ? config.format : {};
  return {
    text: readText(content),
    toolResults: blocks.filter(({ type }) => type === 'tool_result').map((result) => readText(result.content)),
    outputSchema: format.type === 'json_schema' && isObject(format.schema) ? format.schema : undefined,
    webSearch: elements(request.tools).some(
      (tool) => isObject(tool) && typeof tool.type === 'string' && tool.type.startsWith('web_search_'),
    ),
    stopSequences: elements(request.stop_sequences).filter((sequence) => typeof sequence === 'string'),
  };
}

/** The text of a string or of text blocks, without the reminders that Claude Code puts among them. */
function readText(content: unknown): string {
  const texts =
    typeof content === 'string'
      ? [content]
      : elements(content).map((block) => (isObject(block) && block.type === 'text' ? String(block.text) : ''));
  return texts
    .map((text) => text.replace(/<system-reminder>.*?(<\/system-reminder>|$)/gs, '').trim())
    .filter((text) => text !== '')
    .join('\n');
}
