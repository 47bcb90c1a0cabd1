import type { Message, Part } from '../../core/message.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { ContentBlock } from '../acp/wire.ts';
import type { ToolNames } from '../tool-names.ts';
import { PromptText } from './prompt-text.ts';

const guide =
  'What follows is a conversation written down as text. <system> holds your instructions, <conversation> what was said before, oldest first. Answer what comes after them.';
const goOn = 'Go on with the conversation: write what the assistant says next.';

/**
 * A whole request as one prompt, for an agent that can be told nothing else: instructions first, what was said before,
 * each message under the name of its role, and the latest words of the user as they are. The same request always gives
 * the same text. A request of nothing but the user's words is given as it is.
 */
export function wholePrompt(request: GenerateRequest, names: ToolNames): ContentBlock[] {
  const system = instructions(request);
  const start = request.messages.findLastIndex(({ role }) => role !== 'user') + 1;
  const earlier = request.messages.slice(0, start);
  const latest = request.messages.slice(start);
  const prompt = new PromptText();
  if (system === '' && earlier.length === 0 && !isCommand(latest)) return prompt.paragraphs(latest).blocks;
  prompt.line(guide).line('');
  if (system !== '') prompt.open('system').escaped(system).close('system').line('');
  if (earlier.length > 0) {
    prompt.open('conversation');
    for (const message of earlier) addMessage(prompt, message, names);
    prompt.close('conversation').line('');
  }
  if (latest.length === 0) prompt.line(goOn);
  else prompt.escapedParagraphs(latest);
  return prompt.blocks;
}

/** The next words in a session that holds everything before them. */
export function nextPrompt(added: readonly Message[], request: GenerateRequest): ContentBlock[] {
  const prompt = new PromptText();
  const format = formatInstruction(request);
  if (format !== undefined) prompt.open('system').escaped(format).close('system').line('');
  const isPlain = added.every(({ role }) => role === 'user') && format === undefined;
  if (isPlain && !isCommand(added)) return prompt.paragraphs(added).blocks;
  for (const [index, message] of added.entries()) {
    if (index > 0) prompt.line('');
    const tag = message.role === 'system' ? 'system' : 'user';
    const isMarked = tag === 'system' || isPlain;
    if (isMarked) prompt.open(tag).escapedParagraphs([message]).close(tag);
    else prompt.escapedParagraphs([message]);
  }
  return prompt.blocks;
}

/** Whether an agent would take it for a command of its own instead of words for the model. */
function isCommand([first]: readonly Message[]): boolean {
  const [part] = first?.content ?? [];
  return part?.type === 'text' && /^\s*[/!#@$]/.test(part.text);
}

function instructions(request: GenerateRequest): string {
  return [request.system, formatInstruction(request)].filter(Boolean).join('\n\n');
}

function formatInstruction({ outputFormat }: GenerateRequest): string | undefined {
  if (outputFormat?.kind !== 'json-schema') return undefined;
  return `Answer with JSON that follows this schema and nothing else, no explanation and no code fence:\n${JSON.stringify(outputFormat.schema)}`;
}

function addMessage(prompt: PromptText, message: Message, names: ToolNames): void {
  if (message.role === 'tool') {
    prompt.open('tool_result', { id: message.callId, ...(message.isError === true && { is_error: 'true' }) });
    addParts(prompt, message.content, names);
    prompt.close('tool_result');
    return;
  }
  prompt.open(message.role);
  addParts(prompt, message.content, names);
  prompt.close(message.role);
}

function addParts(prompt: PromptText, parts: readonly Part[], names: ToolNames): void {
  for (const part of parts) {
    if (part.type === 'tool-call') {
      const { id, name, arguments: given } = part.call;
      prompt
        .open('tool_call', { id, name: names.native(name) })
        .escaped(given)
        .close('tool_call');
    } else if (part.type !== 'reasoning') {
      // What an earlier model thought is no part of what was said.
      prompt.escapedPart(part);
    }
  }
}
