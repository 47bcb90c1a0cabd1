import type { Action, Answer } from '../answer.ts';
import { underDeclaredNames } from '../declared-name.ts';
import { fragment } from '../fragment.ts';
import { elements, isObject } from '../json.ts';
import { type Plan, planScript } from '../plan-script.ts';
import type { Wire } from '../wire.ts';
import type { CompletionContext } from './completion-context.ts';
import { errorAnswer } from './error-answer.ts';
import { streamCompletion } from './stream-completion.ts';
import { findProblem } from './validate/find-problem.ts';
import { wholeCompletion } from './whole-completion.ts';

/** With the version, as OpenAI has it, and without. */
export const PATHS: readonly string[] = ['/v1/chat/completions', '/chat/completions'];

/** Checks a request as the real API would, then plays its script. Throws RangeError for a script that cannot be. */
export const answerRequest: Wire['answer'] = (request, scriptFor, newId) => {
  const { id, method, path, headers, body, rawBody } = request;
  if (method !== 'POST') {
    const message = `Not allowed to ${method} on ${path}. (HINT: Perhaps you meant to use a different HTTP method?)`;
    return errorAnswer(id, { status: 405, code: 'method_not_supported', message });
  }
  if (!/^Bearer \S/i.test(headers.authorization ?? '')) {
    const message =
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
      '(i.e. Authorization: Bearer YOUR_KEY).';
    return errorAnswer(id, { status: 401, code: null, message });
  }
  if (!isObject(body)) {
    const message = 'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.';
    return errorAnswer(id, { status: 400, message });
  }
  const problem = findProblem(body);
  if (problem) return errorAnswer(id, { status: 400, ...problem });
  const script = scriptFor(request);
  // A model that shall not think does not, whatever its script says.
  const allowed = body.enable_thinking === false ? script.filter(({ type }) => type !== 'thinking') : script;
  const plan = planScript(underDeclaredNames(allowed, toolNames(body.tools)), request.prompt.stopSequences);
  const { stream_options: options } = body;
  const context: CompletionContext = {
    requestId: id,
    model: String(body.model),
    inputSize: rawBody.length,
    newId,
    includeUsage: isObject(options) && options.include_usage === true,
  };
  const answer = answerPlan(plan, context, body.stream === true);
  return plan.fragment ? { ...answer, actions: fragment(answer.actions, plan.fragment) } : answer;
};

function toolNames(tools: unknown): string[] {
  return elements(tools).flatMap((tool) =>
    isObject(tool) && isObject(tool.function) ? [String(tool.function.name)] : [],
  );
}

function answerPlan(plan: Plan, context: CompletionContext, stream: boolean): Answer {
  if (plan.status) {
    const { status, errorType, message, headers } = plan.status;
    const answer = errorAnswer(context.requestId, { status, type: errorType, message });
    return {
      ...answer,
      headers: { ...answer.headers, ...plan.headers, ...headers },
      actions: [...plan.steps.filter((step) => step.type === 'wait'), ...answer.actions],
    };
  }
  if (!stream) return wholeCompletion(plan, context);
  const actions: Iterable<Action> = streamCompletion(plan, context);
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-request-id': context.requestId,
    ...plan.headers,
  };
  return { status: 200, headers, actions };
}
