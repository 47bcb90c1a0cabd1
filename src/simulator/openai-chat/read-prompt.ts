import { elements, isObject, type JsonObject } from '../json.ts';
import type { Prompt } from '../prompt.ts';

/** What Qwen Code puts among or after the user's texts: reminders, and its own words when an answer broke off. */
const ADDITIONS: readonly RegExp[] = [
  /<system-reminder>.*?(<\/system-reminder>|$)/gs,
  /^(The connection dropped mid-response|Output token limit hit)\. Resume directly.*$/s,
  /^\(attached media from previous tool call\)$/,
];

/** Reads the last messages of the user and of tools, whatever comes after them; tolerates any body. */
export function readPrompt(body: unknown): Prompt {
  const request = isObject(body) ? body : {};
  const turn = lastTurn(elements(request.messages).filter(isObject));
  const texts = turn.filter(({ role }) => role === 'user').map(({ content }) => readText(content));
  const { stop } = request;
  return {
    text: texts.findLast((text) => text !== '') ?? '',
    toolResults: turn.filter(({ role }) => role === 'tool').map(({ content }) => readText(content)),
    outputSchema: readSchema(request.response_format),
    webSearch: isObject(request.web_search_options) || request.enable_search === true,
    stopSequences: [stop, ...elements(stop)].filter((sequence) => typeof sequence === 'string'),
  };
}

/** The messages from the last one of the user or a tool back to the answer before it. */
function lastTurn(messages: readonly JsonObject[]): readonly JsonObject[] {
  const end = messages.findLastIndex(
    ({ role, content }) => role === 'tool' || (role === 'user' && !isAddition(content)),
  );
  const start = messages.slice(0, end + 1).findLastIndex(({ role }) => role === 'assistant');
  return messages.slice(start + 1, end + 1);
}

function readSchema(format: unknown): JsonObject | undefined {
  if (!isObject(format)) return undefined;
  if (format.type === 'json_object') return { type: 'object' };
  const schema = isObject(format.json_schema) ? format.json_schema.schema : undefined;
  return format.type === 'json_schema' && isObject(schema) ? schema : undefined;
}

/** Whether nothing but additions is in a message. */
function isAddition(content: unknown): boolean {
  const hasMedia = elements(content).some((part) => isObject(part) && part.type !== 'text');
  return !hasMedia && textsOf(content).some((text) => text !== '') && readText(content) === '';
}

/** The text of a string or of text parts, without additions. */
function readText(content: unknown): string {
  return textsOf(content)
    .map((text) => ADDITIONS.reduce((rest, addition) => rest.replace(addition, ''), text).trim())
    .filter((text) => text !== '')
    .join('\n');
}

function textsOf(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content];
  return elements(content).flatMap((part) => (isObject(part) && part.type === 'text' ? [String(part.text)] : []));
}
