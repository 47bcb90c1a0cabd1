import { z } from 'zod';
import type { Operation } from '../../core/operation.ts';
import type { RequestLimits } from '../dialect.ts';
import { invalid, isObject, quote, read } from '../read.ts';
import { readContent } from './content.ts';
import { toConversation } from './conversation.ts';
import { findIgnored } from './ignored.ts';
import { readInput } from './input-items.ts';
import { type LocatedMessage, readMessages } from './messages.ts';
import { readSettings } from './parameters.ts';
import { type Reading, startReading } from './reading.ts';
import { selectFunctions, selectTools } from './tool-choice.ts';
import { readTools } from './tools.ts';

/** What the answer needs to know of its request. */
export interface ChatOptions {
  /** The stream ends with a chunk of token counts. */
  includeUsage: boolean;
}

const wireBody = z.object({
  model: z.string().min(1).max(256),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.int().min(1).max(8).nullish(),
});

/** Reads the body of a chat completion request. Throws `invalid-request` or `invalid-image`, naming the field. */
export function decode(body: unknown, limits: RequestLimits): Operation<ChatOptions> {
  if (!isObject(body)) throw invalid('', `must be a JSON object, not ${quote(body)}`);
  const { model, stream, stream_options: streamOptions, n } = read(wireBody, body, '');
  const reading = startReading(limits);
  const conversation = toConversation(readConversation(body, reading));
  const { values, asked } = readSettings(body);
  const all = readTools(body.tools, body.functions);
  const byName = body.tool_choice === undefined || body.tool_choice === null ? 'function_call' : 'tool_choice';
  const select = byName === 'tool_choice' ? selectTools : selectFunctions;
  const { tools, choice } = select(all, body[byName]);
  if (choice) {
    values.toolChoice = choice;
    asked.toolChoice = byName;
  }
  // Clients that never send tools forbid parallel calls all the same.
  if (tools.length === 0) delete asked.parallelToolCalls;
  return {
    kind: 'generate',
    request: { model, ...conversation, tools, ...values },
    choices: n ?? 1,
    stream: stream === true,
    asked,
    ignored: findIgnored(body),
    places: reading.places,
    options: { includeUsage: streamOptions?.include_usage === true },
  };
}

/** Some clients post bodies in the shape of the responses API to the chat path: they have `input` for `messages`. */
function readConversation(body: Record<string, unknown>, reading: Reading): LocatedMessage[] {
  const { messages, input, instructions } = body;
  if (input === undefined || (messages !== undefined && messages !== null)) {
    return readMessages(messages, 'messages', reading);
  }
  const content = readContent(instructions, 'system', 'instructions', reading);
  return [{ message: { role: 'system', content }, idsAt: [] }, ...readInput(input, reading)];
}
