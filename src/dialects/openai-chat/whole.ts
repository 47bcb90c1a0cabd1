import type { Completion } from '../../core/completion.ts';
import type { ToolCall } from '../../core/tool.ts';
import type { AnswerContext } from '../dialect.ts';
import {
  type Annotation,
  answerHead,
  type ChatFinishReason,
  completeArguments,
  finishReasons,
  toAnnotation,
} from './answer.ts';
import type { ChatOptions } from './decode.ts';
import { type ChatUsage, toChatUsage } from './usage.ts';

type WholeToolCall = { id: string } & (
  | { type: 'function'; function: { name: string; arguments: string } }
  | { type: 'custom'; custom: { name: string; input: string } }
);

interface WholeMessage {
  role: 'assistant';
  content: string | null;
  refusal: string | null;
  reasoning_content?: string;
  tool_calls?: WholeToolCall[];
  annotations?: Annotation[];
}

/** An answer in one piece. */
export interface Whole {
  id: string;
  object: 'chat.completion';
  created: number;
  model: string;
  choices: { index: number; message: WholeMessage; logprobs: null; finish_reason: ChatFinishReason }[];
  usage: ChatUsage;
}

/** The answer as one object, a choice for each completion. */
export function whole(completions: Completion[], context: AnswerContext<ChatOptions>): Whole {
  const { id, created } = answerHead(context);
  return {
    id,
    object: 'chat.completion',
    created,
    model: completions[0]?.model || context.model,
    choices: completions.map((completion, index) => ({
      index,
      message: toMessage(completion),
      logprobs: null,
      finish_reason: finishReasons[completion.reason],
    })),
    usage: toChatUsage(completions.map(({ usage }) => usage)),
  };
}

function toMessage({ message, citations }: Completion): WholeMessage {
  let text = '';
  let refusal = '';
  let reasoning = '';
  const calls: WholeToolCall[] = [];
  for (const part of message.content) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'refusal') refusal += part.text;
    else if (part.type === 'reasoning') reasoning += part.text;
    else calls.push(toToolCall(part.call));
  }
  const silent = text === '' && (calls.length > 0 || refusal !== '');
  return {
    role: 'assistant',
    content: silent ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(citations.length > 0 && { annotations: citations.map(toAnnotation) }),
  };
}

function toToolCall(call: ToolCall): WholeToolCall {
  const { id, kind, name } = call;
  const text = completeArguments(call);
  return kind === 'custom'
    ? { id, type: 'custom', custom: { name, input: text } }
    : { id, type: 'function', function: { name, arguments: text } };
}
