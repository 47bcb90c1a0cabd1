import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { Usage } from '../../core/usage.ts';
import { merge } from '../../stream/merge.ts';
import type { Frame } from '../../stream/sse.ts';
import type { AnswerContext } from '../dialect.ts';
import type { ChatUsage } from '../openai-chat/usage.ts';
import { answerHead, echoOf, finishReasons, type TextChoice, type TextCompletion, toUsage } from './answer.ts';
import type { CompletionOptions } from './decode.ts';

type Piece = TextChoice<TextChoice['finish_reason'] | null>;
/** One chunk of a streamed answer. */
export type Chunk = TextCompletion<Piece, ChatUsage | null>;

/**
 * The answer as chunks, the choices interleaved, ended by `[DONE]`. Each choice begins with its prompt or nothing. Throws
 * `provider-failed` when a choice ends without its finish.
 */
export async function* frames(
  choices: AsyncIterable<StreamEvent>[],
  context: AnswerContext<CompletionOptions>,
): AsyncGenerator<Frame> {
  const { options, model } = context;
  const head = answerHead(context);
  const chunk = (content: Piece[], usage: Chunk['usage'] = null): Frame => {
    return { data: { ...head, model, choices: content, ...(options.includeUsage && { usage }) } satisfies Chunk };
  };
  const piece = (index: number, text: string, reason: Piece['finish_reason'] = null): Frame =>
    chunk([{ text, index, logprobs: null, finish_reason: reason }]);
  for (const index of choices.keys()) yield piece(index, echoOf(options, index));
  const usages: Usage[] = [];
  let unfinished = choices.length;
  for await (const [index, event] of merge(choices)) {
    const text = textOf(event);
    if (text !== '') yield piece(index, text);
    if (event.type !== 'finish') continue;
    usages[index] = event.usage;
    unfinished -= 1;
    yield piece(index, '', finishReasons[event.reason]);
  }
  if (unfinished > 0) throw new GatewayError('provider-failed', 'The answer ended before it was complete.');
  if (options.includeUsage) yield chunk([], toUsage(usages, options));
  yield { data: '[DONE]' };
}

/** Text is all that there is in this API; a refusal is text like any other. */
function textOf(event: StreamEvent): string {
  return event.type === 'text-delta' || event.type === 'refusal-delta' ? event.text : '';
}
