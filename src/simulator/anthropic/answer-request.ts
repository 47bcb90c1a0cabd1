import type { Action, Answer } from '../answer.ts';
import { underDeclaredNames } from '../declared-name.ts';
import { fragment } from '../fragment.ts';
import { elements, isObject } from '../json.ts';
import { type Plan, planScript } from '../plan-script.ts';
import type { RecordedRequest } from '../recorder.ts';
import type { Wire } from '../wire.ts';
import { errorAnswer } from './error-answer.ts';
import { estimateTokens } from './measure-usage.ts';
import type { MessageContext } from './message-context.ts';
import { streamMessage } from './stream-message.ts';
import { findProblem } from './validate/find-problem.ts';
import { wholeMessage } from './whole-message.ts';

/** Checks a request as the real API would, then plays its script. Throws RangeError for a script that cannot be. */
export const answerRequest: Wire['answer'] = (request, scriptFor, newId) => {
  const { id, method, path, headers, body, rawBody } = request;
  const counting = path === '/v1/messages/count_tokens';
  if (method !== 'POST' || !(counting || path === '/v1/messages')) {
    return errorAnswer(id, { status: 404, message: `Not found: ${method} ${path}` });
  }
  if (!isSignedIn(headers)) return errorAnswer(id, { status: 401, message: 'x-api-key header is required' });
  if (!isObject(body)) {
    return errorAnswer(id, { status: 400, message: 'The request body is not valid JSON: a JSON object is expected' });
  }
  const problem = findProblem(body, counting);
  if (problem) return errorAnswer(id, { status: 400, message: problem });
  if (counting) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'request-id': id },
      actions: [JSON.stringify({ input_tokens: estimateTokens(rawBody.length) })],
    };
  }
  const declared = elements(body.tools).flatMap((tool) => (isObject(tool) ? [String(tool.name)] : []));
  const plan = planScript(underDeclaredNames(scriptFor(request), declared), request.prompt.stopSequences);
  const context = { requestId: id, model: String(body.model), inputSize: rawBody.length, newId };
  const answer = answerPlan(plan, context, body.stream === true);
  return plan.fragment ? { ...answer, actions: fragment(answer.actions, plan.fragment) } : answer;
};

function answerPlan(plan: Plan, context: MessageContext, stream: boolean): Answer {
  if (plan.status) {
    const { status, errorType, message, headers } = plan.status;
    const answer = errorAnswer(context.requestId, { status, type: errorType, message });
    return {
      ...answer,
      headers: { ...answer.headers, ...plan.headers, ...headers },
      actions: [...plan.steps.filter((step) => step.type === 'wait'), ...answer.actions],
    };
  }
  if (!stream) return wholeMessage(plan, context);
  const actions: Iterable<Action> = streamMessage(plan, context);
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': context.requestId,
    ...plan.headers,
  };
  return { status: 200, headers, actions };
}

function isSignedIn(headers: RecordedRequest['headers']): boolean {
  return Boolean(headers['x-api-key']) || /^Bearer \S/i.test(headers.authorization ?? '');
}
