import type { Action, Answer } from '../answer.ts';
import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';
import { annotations } from './annotations.ts';
import { type CompletionContext, completionHead } from './completion-context.ts';
import { errorAnswer, statusOf } from './error-answer.ts';
import { finishReason } from './finish-reason.ts';
import { measureUsage } from './measure-usage.ts';
import { toolCall } from './tool-call.ts';

/** A completion in one piece. An error in mid-stream is then an HTTP error; delays between pieces do not count. */
export function wholeCompletion(plan: Plan, context: CompletionContext): Answer {
  const actions: Action[] = [];
  let hasContent = false;
  for (const step of plan.steps) {
    if (step.type === 'error') {
      const { errorType: type, message = `Simulated ${type}` } = step;
      const answer = errorAnswer(context.requestId, { status: statusOf(type), type, message });
      return { ...answer, actions: [...actions, ...answer.actions] };
    }
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang') actions.push(step);
    else if (step.type === 'raw') actions.push(step.bytes);
    else hasContent = true;
  }
  if (hasContent || !plan.steps.some((step) => step.type === 'raw')) {
    actions.push(JSON.stringify(completion(plan, context)));
  }
  const headers = { 'content-type': 'application/json', 'x-request-id': context.requestId, ...plan.headers };
  return { status: 200, headers, actions };
}

function completion(plan: Plan, context: CompletionContext): JsonObject {
  const choice = {
    index: 0,
    message: message(plan, context),
    logprobs: null,
    finish_reason: finishReason(plan.finish.reason),
  };
  return {
    ...completionHead(context, 'chat.completion'),
    choices: [choice],
    usage: measureUsage(plan, context.inputSize),
  };
}

function message({ steps }: Plan, { newId }: CompletionContext): JsonObject {
  const texts = steps.flatMap((step) => (step.type === 'text' ? [step.text] : []));
  const thoughts = steps.flatMap((step) => (step.type === 'thinking' ? [step.text] : []));
  const calls = steps.flatMap((step) => (step.type === 'call' ? [toolCall(step, newId)] : []));
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    refusal: null,
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join('') }),
    ...(calls.length > 0 && { tool_calls: calls }),
    annotations: annotations(steps),
  };
}
