import { z } from 'zod';
import type { Operation } from '../../core/operation.ts';
import type { DecodeContext } from '../decode-context.ts';
import { invalid, isObject, quote, read } from '../read.ts';
import { toConversation } from './conversation.ts';
import { findIgnored } from './ignored.ts';
import { readMessages } from './messages.ts';
import type { MessageOptions } from './options.ts';
import { readSettings } from './parameters.ts';
import { startReading } from './reading.ts';
import { readSystem } from './system.ts';
import { refuseContinuation } from './thread.ts';
import { readToolChoice, selectTool } from './tool-choice.ts';
import { readTools } from './tools.ts';

const wireBody = z.object({ model: z.string().min(1).max(256), stream: z.boolean().nullish() });

/** Reads the body of a message request. Throws `invalid-request` or `invalid-image`, naming the field. */
export function decode(body: unknown, context: DecodeContext): Operation<MessageOptions> {
  const operation = readBody(body, context, 'generate');
  if (operation.request.maxOutputTokens === undefined) throw invalid('max_tokens', 'is required');
  return operation;
}

/** Reads the body of a request to count tokens: a message request without what only an answer needs. */
export function decodeTokenCount(body: unknown, context: DecodeContext): Operation<MessageOptions> {
  return { ...readBody(body, context, 'count-tokens'), stream: false };
}

function readBody(body: unknown, { limits }: DecodeContext, kind: Operation['kind']): Operation<MessageOptions> {
  if (!isObject(body)) throw invalid('', `must be a JSON object, not ${quote(body)}`);
  const { model, stream } = read(wireBody, body, '');
  refuseContinuation(body.thread);
  const reading = startReading(limits);
  const conversation = toConversation(readSystem(body.system), readMessages(body.messages, reading));
  const { values, asked } = readSettings(body, reading);
  const choice = readToolChoice(body.tool_choice);
  const list = readTools(body.tools, choice?.name, reading);
  const toolChoice = selectTool(choice, list, reading);
  if (toolChoice) {
    values.toolChoice = toolChoice;
    asked.toolChoice = 'tool_choice';
  }
  if (choice?.parallel !== undefined) {
    values.parallelToolCalls = choice.parallel;
    if (!choice.parallel && list.tools.length > 0) asked.parallelToolCalls = 'tool_choice.disable_parallel_tool_use';
  }
  if (list.webTool !== undefined) {
    values.webSearch = true;
    asked.webSearch = list.webTool;
  }
  return {
    kind,
    request: { model, ...conversation, tools: list.tools, ...values },
    choices: 1,
    stream: stream === true,
    asked,
    ignored: [...new Set([...findIgnored(body), ...reading.ignored])],
    places: reading.places,
    options: { showsThinking: !isObject(body.thinking) || body.thinking.display !== 'omitted' },
  };
}
