import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { Usage } from '../../core/usage.ts';
import { merge } from '../../stream/merge.ts';
import type { Frame } from '../../stream/sse.ts';
import type { AnswerContext } from '../dialect.ts';
import { answerHead, type ChatFinishReason, finishReasons } from './answer.ts';
import type { ChatOptions } from './decode.ts';
import { type Delta, DeltaWriter } from './delta.ts';
import { type ChatUsage, toChatUsage } from './usage.ts';

/** One chunk of a streamed answer. */
export interface Chunk {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: { index: number; delta: Delta; logprobs: null; finish_reason: ChatFinishReason | null }[];
  usage?: ChatUsage | null;
}

/** The answer as chunks, the choices interleaved, ended by `[DONE]`. */
export async function* frames(
  choices: AsyncIterable<StreamEvent>[],
  context: AnswerContext<ChatOptions>,
): AsyncGenerator<Frame> {
  for await (const chunk of chunks(choices, context)) yield { data: chunk };
  yield { data: '[DONE]' };
}

/** Throws `provider-failed` when a choice ends without its finish: a cut answer must not look like a whole one. */
async function* chunks(
  choices: AsyncIterable<StreamEvent>[],
  context: AnswerContext<ChatOptions>,
): AsyncGenerator<Chunk> {
  const { includeUsage } = context.options;
  const { id, created } = answerHead(context);
  const chunk = (content: Chunk['choices'], usage: ChatUsage | null): Chunk => ({
    id,
    object: 'chat.completion.chunk',
    created,
    model: context.model,
    choices: content,
    ...(includeUsage && { usage }),
  });
  const choice = (index: number, delta: Delta, reason: ChatFinishReason | null = null): Chunk =>
    chunk([{ index, delta, logprobs: null, finish_reason: reason }], null);

  const writers = choices.map(() => new DeltaWriter());
  for (const index of writers.keys()) yield choice(index, { role: 'assistant', content: '' });
  const usages: Usage[] = [];
  let unfinished = choices.length;
  for await (const [index, event] of merge(choices)) {
    for (const delta of writers[index]?.write(event) ?? []) yield choice(index, delta);
    if (event.type !== 'finish') continue;
    usages[index] = event.usage;
    unfinished -= 1;
    yield choice(index, {}, finishReasons[event.reason]);
  }
  if (unfinished > 0) throw new GatewayError('provider-failed', 'The answer ended before it was complete.');
  if (includeUsage) yield chunk([], toChatUsage(usages));
}
