import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { Usage } from '../../core/usage.ts';
import { merge } from '../../stream/merge.ts';
import type { Frame } from '../../stream/sse.ts';
import type { AnswerContext } from '../dialect.ts';
import { CandidateWriter } from './candidate-writer.ts';
import type { GeminiOptions } from './decode.ts';
import { type GeminiResponse, toCandidate, toResponse } from './response.ts';
import { toUsageMetadata } from './usage.ts';

/**
 * The answer in pieces, the candidates interleaved. An empty piece comes first; each candidate's last one says why it
 * ends, and the last of all what they cost together. Throws `provider-failed` when a candidate ends without its finish.
 */
export async function* frames(
  choices: AsyncIterable<StreamEvent>[],
  context: AnswerContext<GeminiOptions>,
): AsyncGenerator<Frame> {
  yield { data: toResponse([toCandidate(0, [{ text: '' }])], context, context.model) satisfies GeminiResponse };
  const writers = choices.map((_, index) => new CandidateWriter(index, context.options));
  const usages: Usage[] = [];
  let { model } = context;
  let unfinished = choices.length;
  for await (const [index, event] of merge(choices)) {
    if (event.type === 'start' && event.model !== '') model = event.model;
    if (event.type === 'finish') {
      usages[index] = event.usage;
      unfinished -= 1;
    }
    const usage = unfinished === 0 && event.type === 'finish' ? toUsageMetadata(usages) : undefined;
    for (const candidate of writers[index]?.write(event) ?? []) {
      yield { data: toResponse([candidate], context, model, usage) satisfies GeminiResponse };
    }
  }
  if (unfinished > 0) throw new GatewayError('provider-failed', 'The answer ended before it was complete.');
}
