import type { Action, Answer } from '../answer.ts';
import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';
import { endOf, sealItem } from './end-of-response.ts';
import { errorAnswer } from './error-answer.ts';
import { itemOfStep } from './item-of-step.ts';
import type { ResponseContext } from './response-context.ts';
import { endResponse, startResponse } from './response-object.ts';
import { errorOfStep } from './scripted-error.ts';

/** A response in one piece. An error in mid-stream is then an HTTP error; delays between pieces do not count. */
export function wholeResponse(requestId: string, plan: Plan, context: ResponseContext): Answer {
  const head = startResponse(context);
  const output: JsonObject[] = [];
  const actions: Action[] = [];
  for (const step of plan.steps) {
    if (step.type === 'error') {
      const answer = errorAnswer(requestId, errorOfStep(step));
      return { ...answer, actions: [...actions, ...answer.actions] };
    }
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang') actions.push(step);
    else if (step.type === 'raw') actions.push(step.bytes);
    else output.push(itemOfStep(step, context).whole);
  }
  if (output.length > 0 || !plan.steps.some((step) => step.type === 'raw')) {
    const last = output.pop();
    if (last) output.push(sealItem(last, plan));
    actions.push(JSON.stringify(endResponse(head, { ...endOf(plan, context), output })));
  }
  const headers = { 'content-type': 'application/json', 'x-request-id': requestId, ...plan.headers };
  return { status: 200, headers, actions };
}
