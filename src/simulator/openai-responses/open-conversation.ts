import type { Action } from '../answer.ts';
import type { Conversation, SocketAnswer } from '../conversation.ts';
import type { NewId } from '../create-ids.ts';
import { elements, isObject } from '../json.ts';
import { type Plan, planScript } from '../plan-script.ts';
import type { StatusStep } from '../script.ts';
import type { ApiError } from './api-error.ts';
import { errorMessage } from './error-message.ts';
import { playResponse } from './play-response.ts';
import { rateLimitsEvent } from './rate-limits-event.ts';
import type { ResponseEvent } from './response-event.ts';
import { errorOfStatus } from './scripted-error.ts';
import { findProblem } from './validate/find-problem.ts';
import { notJson, ownFailure, unsupported } from './validate/problems.ts';

/** Responses over one WebSocket, which remembers its latest response for requests that only go on from there. */
export function openConversation(newId: NewId): Conversation {
  let latest: { readonly id: string; readonly items: readonly unknown[] } | undefined;

  const remember = ({ type, response }: ResponseEvent, input: unknown): void => {
    if (!isObject(response)) return;
    if (type === 'response.failed') latest = undefined;
    if (type !== 'response.completed' && type !== 'response.incomplete') return;
    latest = { id: String(response.id), items: [...itemsOf(input), ...elements(response.output)] };
  };

  return {
    readBody(message) {
      if (!isObject(message) || message.type !== 'response.create') return message;
      const { type: _, previous_response_id: id, ...body } = message;
      if (id === undefined || id === null) return body;
      if (id !== latest?.id) return { previous_response_id: id, ...body };
      return { ...body, input: [...latest.items, ...itemsOf(body.input)] };
    },
    answer(request, scriptFor) {
      const { body, rawBody } = request;
      const problem = findMessageProblem(body);
      if (problem || !isObject(body)) {
        latest = undefined;
        return errorMessage(problem ?? notJson);
      }
      const plan = planScript(body.generate === false ? [] : scriptFor(request), request.prompt.stopSequences);
      if (plan.status) {
        latest = undefined;
        return statusMessage(plan, plan.status);
      }
      const write = (event: ResponseEvent): string => {
        remember(event, body.input);
        return JSON.stringify(event);
      };
      const actions = playResponse(plan, { request: body, inputSize: rawBody.length, newId }, write);
      return { actions: tellLimits(plan, actions), fragment: plan.fragment };
    },
    failure: (message) => errorMessage(ownFailure(message)),
  };
}

function itemsOf(input: unknown): readonly unknown[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : elements(input);
}

/** A message without `generate` only prepares the next one: it may say nothing yet. */
function findMessageProblem(body: unknown): ApiError | undefined {
  if (!isObject(body)) return notJson;
  if ('type' in body) return unsupported(body.type, ['response.create'], 'type');
  const { generate, ...request } = body;
  return findProblem(request, generate === false);
}

function statusMessage(plan: Plan, status: StatusStep): SocketAnswer {
  const headers = { ...plan.headers, ...status.headers };
  const { actions } = errorMessage(errorOfStatus(status, headers), headers);
  return { actions: [...plan.steps.filter((step) => step.type === 'wait'), ...actions] };
}

function* tellLimits({ headers }: Plan, actions: Iterable<Action>): Generator<Action> {
  let limits = rateLimitsEvent(headers);
  for (const action of actions) {
    if (limits && typeof action === 'string') {
      yield JSON.stringify(limits);
      limits = undefined;
    }
    yield action;
  }
}
