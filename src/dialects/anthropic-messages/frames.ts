import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { Frame } from '../../stream/sse.ts';
import type { AnswerContext } from '../dialect.ts';
import { BlockWriter } from './block-writer.ts';
import { emptyMessage } from './message.ts';
import type { MessageOptions } from './options.ts';
import { toStop } from './stop.ts';
import { toDeltaUsage } from './usage.ts';

/** The answer as events, each under its own name. This API has one answer to a request: the first. */
export async function* frames(
  choices: AsyncIterable<StreamEvent>[],
  context: AnswerContext<MessageOptions>,
): AsyncGenerator<Frame> {
  for await (const event of messageEvents(choices, context)) yield { event: event.type, data: event };
}

/** Throws `provider-failed` when the answer ends without its finish: a cut answer must not look like a whole one. */
async function* messageEvents(
  choices: AsyncIterable<StreamEvent>[],
  context: AnswerContext<MessageOptions>,
): AsyncGenerator<RawMessageStreamEvent> {
  yield { type: 'message_start', message: emptyMessage(context) };
  const writer = new BlockWriter(context.options);
  let finished = false;
  for await (const event of choices[0] ?? []) {
    if (event.type !== 'finish') {
      yield* writer.write(event);
      continue;
    }
    finished = true;
    yield* writer.end();
    yield { type: 'message_delta', delta: toStop(event, writer.refusal), usage: toDeltaUsage(event.usage) };
  }
  if (!finished) throw new GatewayError('provider-failed', 'The answer ended before it was complete.');
  yield { type: 'message_stop' };
}
