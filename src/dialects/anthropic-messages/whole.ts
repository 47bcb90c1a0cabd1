import type { Message } from '@anthropic-ai/sdk/resources/messages';
import type { Completion } from '../../core/completion.ts';
import { GatewayError } from '../../core/error.ts';
import type { AssistantPart } from '../../core/message.ts';
import type { ToolCall } from '../../core/tool.ts';
import type { AnswerContext } from '../dialect.ts';
import { type AnswerBlock, inputText, reasoningBlock, textBlock, toolUseBlock, toWireCitation } from './blocks.ts';
import { emptyMessage } from './message.ts';
import type { MessageOptions } from './options.ts';
import { toStop } from './stop.ts';
import { toUsage } from './usage.ts';

/** The answer as one message. Throws `provider-failed` where a call's arguments are not JSON. */
export function whole([completion]: Completion[], context: AnswerContext<MessageOptions>): Message {
  if (!completion) throw new GatewayError('provider-failed', 'There is no answer.');
  const { message, citations, model, usage } = completion;
  const content = message.content.flatMap((part) => toBlock(part, context.options));
  if (citations.length > 0) cite(content, message.content.at(-1)?.type, citations);
  const refusal = message.content.map((part) => (part.type === 'refusal' ? part.text : '')).join('');
  return {
    ...emptyMessage({ id: context.id, model: model || context.model }),
    content,
    ...toStop(completion, refusal),
    usage: toUsage(usage),
  };
}

function toBlock(part: AssistantPart, options: MessageOptions): AnswerBlock[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [textBlock(part.text)];
    case 'reasoning':
      return [reasoningBlock(part, options) ?? []].flat();
    case 'tool-call':
      return [toolUseBlock(part.call, parseInput(part.call))];
  }
}

function parseInput(call: ToolCall): unknown {
  try {
    return JSON.parse(inputText(call));
  } catch {
    throw new GatewayError('provider-failed', `The model called ${call.name} with arguments that are not JSON.`);
  }
}

/** Sources stand in a text: the last one, or an empty one where the answer ends in something else. */
function cite(
  content: AnswerBlock[],
  end: AssistantPart['type'] | undefined,
  citations: Completion['citations'],
): void {
  let last = content.at(-1);
  if (last?.type !== 'text' || end === 'reasoning') {
    last = textBlock('');
    content.push(last);
  }
  last.citations = citations.map(toWireCitation);
}
