import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';
import type { CutStep, HangStep, RawStep, WaitStep } from '../script.ts';
import { errorObject } from './api-error.ts';
import { endOf, sealItem } from './end-of-response.ts';
import { closeItem, openItem } from './item-events.ts';
import { itemOfStep } from './item-of-step.ts';
import type { OutputItem } from './output-item.ts';
import type { ResponseContext } from './response-context.ts';
import type { ResponseEvent } from './response-event.ts';
import { endResponse, type ResponseHead, startResponse } from './response-object.ts';
import { errorOfStep } from './scripted-error.ts';

/**
 * A response as events, and what happens between them. It starts with the first content, so that what is scripted
 * before comes before. A text stays open until the next content or the end, so that faults come in its midst.
 */
export function* responseEvents(
  plan: Plan,
  context: ResponseContext,
): Generator<ResponseEvent | WaitStep | CutStep | HangStep | RawStep> {
  const head = startResponse(context);
  const output: JsonObject[] = [];
  let open: OutputItem | undefined;
  let started = false;
  for (const step of plan.steps) {
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang' || step.type === 'raw') {
      yield step;
      continue;
    }
    if (!started) yield* startEvents(head);
    started = true;
    if (step.type === 'error') {
      const { type, code, message, param } = errorObject(errorOfStep(step));
      const error = { type, code: code ?? type, message, param };
      yield { type: 'response.failed', response: endResponse(head, { status: 'failed', error, output }) };
      return;
    }
    if (open) yield* closeItem(open, output.push(open.whole) - 1);
    open = itemOfStep(step, context);
    yield* openItem(open, output.length);
    if (step.type === 'text') continue;
    yield* closeItem(open, output.push(open.whole) - 1);
    open = undefined;
  }
  if (!started && plan.steps.some((step) => step.type === 'raw')) return;
  if (!started) yield* startEvents(head);
  if (open) {
    const whole = sealItem(open.whole, plan);
    yield* closeItem({ ...open, whole }, output.push(whole) - 1);
  }
  const end = endOf(plan, context);
  yield { type: `response.${end.status}`, response: endResponse(head, { ...end, output }) };
}

function* startEvents(response: ResponseHead): Generator<ResponseEvent> {
  yield { type: 'response.created', response };
  yield { type: 'response.in_progress', response };
}
