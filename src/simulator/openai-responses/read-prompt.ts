import { elements, isObject, type JsonObject } from '../json.ts';
import type { Prompt } from '../prompt.ts';

/** Tags in which Codex puts what it tells the model by itself, in user messages. */
const OWN_TAGS = [
  'context_window_reminder',
  'environment_context',
  'skill',
  'startup_context',
  'subagent_notification',
  'turn_aborted',
  'user_shell_command',
];
/** Those tags with what is in them, and the tags alone that it puts around images. */
const OWN_TEXT = new RegExp(`<(${OWN_TAGS.join('|')})>.*?(</\\1>|$)|<image [^>]*>|</image>`, 'gs');

/** Reads what the user's side said last, tool outputs included; tolerates any body. */
export function readPrompt(body: unknown): Prompt {
  const request = isObject(body) ? body : {};
  const turn = request.generate === false ? [] : lastTurn(request.input);
  return {
    text: readText(turn.findLast(isPrompt)?.content),
    toolResults: turn.filter(isToolOutput).map(({ output }) => readText(output)),
    outputSchema: readSchema(request),
    webSearch: elements(request.tools).some(
      (tool) => isObject(tool) && typeof tool.type === 'string' && tool.type.startsWith('web_search'),
    ),
    // This API has no stop sequences.
    stopSequences: [],
  };
}

/** The user's messages and tool outputs since the model spoke, whatever the model said after them. */
function lastTurn(input: unknown): readonly JsonObject[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  const items = elements(input).filter(isObject);
  const end = items.findLastIndex((item) => isToolOutput(item) || isPrompt(item)) + 1;
  const begin = items.slice(0, end).findLastIndex(isFromModel) + 1;
  return items.slice(begin, end);
}

/** A user message, unless Codex alone wrote it. */
function isPrompt({ role, content }: JsonObject): boolean {
  return role === 'user' && (readText(content) !== '' || readText(content, false) === '');
}

function isToolOutput({ type }: JsonObject): boolean {
  return typeof type === 'string' && type.endsWith('_call_output');
}

function isFromModel(item: JsonObject): boolean {
  return item.role === undefined ? !isToolOutput(item) : item.role === 'assistant';
}

function readText(content: unknown, stripped = true): string {
  const texts =
    typeof content === 'string'
      ? [content]
      : elements(content).map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''));
  return texts
    .map((text) => (stripped ? text.replace(OWN_TEXT, '') : text).trim())
    .filter((text) => text !== '')
    .join('\n');
}

function readSchema({ text }: JsonObject): JsonObject | undefined {
  const format = isObject(text) && isObject(text.format) ? text.format : {};
  return format.type === 'json_schema' && isObject(format.schema) ? format.schema : undefined;
}
