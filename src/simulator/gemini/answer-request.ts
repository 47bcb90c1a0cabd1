import type { Answer } from '../answer.ts';
import type { NewId } from '../create-ids.ts';
import { underDeclaredNames } from '../declared-name.ts';
import { fragment } from '../fragment.ts';
import { elements, isObject, type JsonObject } from '../json.ts';
import { type Plan, planScript } from '../plan-script.ts';
import type { RecordedRequest } from '../recorder.ts';
import type { Wire } from '../wire.ts';
import type { AnswerContext } from './answer-context.ts';
import { countTokens } from './count-tokens.ts';
import { type ApiError, errorAnswer } from './error-answer.ts';
import { arrayFraming, eventFraming } from './framing.ts';
import { listModels, showModel } from './models.ts';
import { isVerb, parseRoute, type Route } from './parse-route.ts';
import { declarations } from './read-prompt.ts';
import { streamContent } from './stream-content.ts';
import { findProblem } from './validate/find-problem.ts';
import { wholeContent } from './whole-content.ts';

/** Checks a request as the real API would, then plays its script. Throws RangeError for a script that cannot be. */
export const answerRequest: Wire['answer'] = (request, scriptFor, newId) => {
  const { method, path, body } = request;
  const query = new URLSearchParams(request.query);
  const route = parseRoute(path);
  const inArray = route?.verb === 'streamGenerateContent' && query.get('alt') !== 'sse';
  const refuse = (error: ApiError): Answer => errorAnswer(error, inArray);
  const problem = findAccessProblem(request, route, query);
  if (problem || !route) return refuse(problem ?? { code: 404 });
  if (method === 'GET') return route.model === undefined ? listModels() : showModel(route.model);
  if (!isObject(body)) return refuse({ code: 400, message: 'Invalid JSON payload received. Unexpected token.' });
  const { model = '', verb } = route;
  if (verb === 'countTokens') return countTokens(body, request.rawBody.length);
  const message = findProblem(body, model);
  if (message !== undefined) return refuse({ code: 400, message });

  const declared = declarations(body).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const plan = planScript(underDeclaredNames(scriptFor(request), declared), request.prompt.stopSequences);
  const context = readContext(request, body, model);
  const answer = plan.status ? failedAnswer(plan, model, inArray) : contentAnswer(plan, context, newId, verb, inArray);
  return plan.fragment ? { ...answer, actions: fragment(answer.actions, plan.fragment) } : answer;
};

function findAccessProblem(
  { method, path, headers }: RecordedRequest,
  route: Route | undefined,
  query: URLSearchParams,
): ApiError | undefined {
  const known = method === 'GET' ? route && !route.verb : method === 'POST' && isVerb(route?.verb);
  if (!known) return { code: 404, message: `The requested URL ${path} was not found on this server.` };
  if (headers['x-goog-api-key'] || query.get('key') || /^Bearer \S/i.test(headers.authorization ?? ''))
    return undefined;
  const message =
    "Method doesn't allow unregistered callers (callers without established identity). " +
    'Please use API Key or other form of API consumer identity to call this API.';
  return { code: 403, message };
}

function readContext(request: RecordedRequest, body: JsonObject, model: string): AnswerContext {
  const config = isObject(body.generationConfig) ? body.generationConfig : {};
  const thinking = isObject(config.thinkingConfig) ? config.thinkingConfig : {};
  const readsPages = elements(body.tools).some((tool) => isObject(tool) && 'urlContext' in tool);
  return {
    responseId: request.id,
    model,
    inputSize: request.rawBody.length,
    includeThoughts: thinking.includeThoughts === true,
    urls: readsPages ? (request.prompt.text.match(/https?:\/\/[^\s<>"')\]]+/g) ?? []) : [],
  };
}

function failedAnswer(plan: Plan, model: string, inArray: boolean): Answer {
  const { status: code = 500, errorType: status, message, headers = {} } = plan.status ?? {};
  const after = Number(Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1]);
  const retryAfter = after >= 0 ? after : undefined;
  const answer = errorAnswer({ code, status, message, retryAfter, model }, inArray);
  return {
    ...answer,
    headers: { ...answer.headers, ...plan.headers, ...headers },
    actions: [...plan.steps.filter((step) => step.type === 'wait'), ...answer.actions],
  };
}

function contentAnswer(
  plan: Plan,
  context: AnswerContext,
  newId: NewId,
  verb: string | undefined,
  inArray: boolean,
): Answer {
  if (verb !== 'streamGenerateContent') return wholeContent(plan, context, newId);
  const framing = inArray ? arrayFraming() : eventFraming();
  const headers = { 'content-type': framing.contentType, ...plan.headers };
  return { status: 200, headers, actions: streamContent(plan, context, newId, framing) };
}
