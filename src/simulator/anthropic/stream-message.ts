import type { Action } from '../answer.ts';
import type { Plan } from '../plan-script.ts';
import { contentBlocks } from './content-blocks.ts';
import { errorBody } from './error-answer.ts';
import { measureUsage } from './measure-usage.ts';
import type { MessageContext } from './message-context.ts';

/** A message as server-sent events. It starts with the first content, so that what is scripted before comes before. */
export function* streamMessage(plan: Plan, context: MessageContext): Generator<Action> {
  const usage = measureUsage(plan, context.inputSize);
  const start = startEvents(context, { ...usage, output_tokens: 1 });
  let index = 0;
  let started = false;
  for (const step of plan.steps) {
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang') {
      yield step;
      continue;
    }
    if (step.type === 'raw') {
      yield step.bytes;
      continue;
    }
    if (!started) yield start;
    started = true;
    if (step.type === 'error') {
      yield `event: error\ndata: ${errorBody(context.requestId, step.errorType, step.message)}\n\n`;
      return;
    }
    for (const { opening, deltas, delay } of contentBlocks(step, context.newId)) {
      yield event({ type: 'content_block_start', index, content_block: opening });
      const head = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":`;
      let first = true;
      for (const delta of deltas) {
        if (delay && !first) yield { type: 'wait', milliseconds: delay };
        first = false;
        yield `${head}${delta}}\n\n`;
      }
      yield event({ type: 'content_block_stop', index });
      index++;
    }
  }
  if (!started && plan.steps.some((step) => step.type === 'raw')) return;
  if (!started) yield start;
  const { reason, stopSequence = null } = plan.finish;
  yield event({ type: 'message_delta', delta: { stop_reason: reason, stop_sequence: stopSequence }, usage });
  yield event({ type: 'message_stop' });
}

function startEvents({ model, newId }: MessageContext, usage: object): string {
  const message = {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  return event({ type: 'message_start', message }) + event({ type: 'ping' });
}

function event(data: { readonly type: string; readonly [key: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
