import type { Answer } from '../answer.ts';
import { fragment } from '../fragment.ts';
import { isObject } from '../json.ts';
import { type Plan, planScript } from '../plan-script.ts';
import type { RecordedRequest } from '../recorder.ts';
import type { Wire } from '../wire.ts';
import { errorAnswer } from './error-answer.ts';
import { isSignedIn } from './is-signed-in.ts';
import { playResponse } from './play-response.ts';
import type { ResponseContext } from './response-context.ts';
import { errorOfStatus } from './scripted-error.ts';
import { findProblem } from './validate/find-problem.ts';
import { notJson, notSignedIn, unknownUrl } from './validate/problems.ts';
import { wholeResponse } from './whole-response.ts';

/** Checks a request as the real API would, then plays its script. Throws RangeError for a script that cannot be. */
export const answerRequest: Wire['answer'] = (request, scriptFor, newId) => {
  const { id, method, path, headers, body, rawBody } = request;
  if (!isSignedIn(headers)) return errorAnswer(id, notSignedIn);
  if (method !== 'POST' || path !== '/v1/responses') return errorAnswer(id, unknownUrl(method, path));
  if (!isObject(body)) return errorAnswer(id, notJson);
  const problem = findProblem(body);
  if (problem) return errorAnswer(id, problem);
  const plan = planScript(scriptFor(request), request.prompt.stopSequences);
  const answer = answerPlan(request, plan, { request: body, inputSize: rawBody.length, newId });
  return plan.fragment ? { ...answer, actions: fragment(answer.actions, plan.fragment) } : answer;
};

function answerPlan({ id }: RecordedRequest, plan: Plan, context: ResponseContext): Answer {
  if (plan.status) {
    const headers = { ...plan.headers, ...plan.status.headers };
    const answer = errorAnswer(id, errorOfStatus(plan.status, headers));
    return {
      ...answer,
      headers: { ...answer.headers, ...headers },
      actions: [...plan.steps.filter((step) => step.type === 'wait'), ...answer.actions],
    };
  }
  if (context.request.stream !== true) return wholeResponse(id, plan, context);
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-request-id': id,
    ...plan.headers,
  };
  const actions = playResponse(plan, context, (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return { status: 200, headers, actions };
}
