import type { Action, Answer } from '../answer.ts';
import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';
import { contentBlocks } from './content-blocks.ts';
import { errorAnswer, statusOf } from './error-answer.ts';
import { measureUsage } from './measure-usage.ts';
import type { MessageContext } from './message-context.ts';

/** A message in one piece. An error in mid-stream is then an HTTP error; delays between pieces do not count. */
export function wholeMessage(plan: Plan, context: MessageContext): Answer {
  const content: JsonObject[] = [];
  const actions: Action[] = [];
  for (const step of plan.steps) {
    if (step.type === 'error') {
      const { errorType: type, message } = step;
      const answer = errorAnswer(context.requestId, { status: statusOf(type), type, message });
      return { ...answer, actions: [...actions, ...answer.actions] };
    }
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang') actions.push(step);
    else if (step.type === 'raw') actions.push(step.bytes);
    else content.push(...contentBlocks(step, context.newId).map(({ whole }) => whole));
  }
  if (content.length > 0 || !plan.steps.some((step) => step.type === 'raw')) {
    actions.push(JSON.stringify(message(plan, context, content)));
  }
  const headers = { 'content-type': 'application/json', 'request-id': context.requestId, ...plan.headers };
  return { status: 200, headers, actions };
}

function message(plan: Plan, { model, inputSize, newId }: MessageContext, content: readonly JsonObject[]): JsonObject {
  return {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: plan.finish.reason,
    stop_sequence: plan.finish.stopSequence ?? null,
    usage: measureUsage(plan, inputSize),
  };
}
