import type { Action } from '../answer.ts';
import type { NewId } from '../create-ids.ts';
import type { Plan } from '../plan-script.ts';
import type { AnswerContext } from './answer-context.ts';
import { createPartMaker } from './content-parts.ts';
import { errorBody, namedError } from './error-answer.ts';
import type { Framing } from './framing.ts';
import { lastResponse, runningEnding } from './response.ts';

/** The official client sees an error in a stream only where it reads it by itself. */
const ERROR_PAUSE = 30;

/** An answer in responses of one part each, and one at the end that says why it is the end. */
export function* streamContent(plan: Plan, context: AnswerContext, newId: NewId, framing: Framing): Generator<Action> {
  const maker = createPartMaker(context.includeThoughts, newId);
  const ending = JSON.stringify(runningEnding(plan, context)).slice(1);
  let scripted = false;
  let said = false;
  for (const step of plan.steps) {
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang') {
      yield step;
      continue;
    }
    if (step.type === 'raw') {
      yield step.bytes;
      continue;
    }
    if (step.type === 'error') {
      if (said) yield { type: 'wait', milliseconds: ERROR_PAUSE };
      yield framing.error(errorBody({ ...namedError(step.errorType, step.message), model: context.model }));
      return;
    }
    scripted = true;
    const delay = 'delay' in step ? step.delay : undefined;
    let first = true;
    for (const part of maker.streamed(step)) {
      if (delay && !first) yield { type: 'wait', milliseconds: delay };
      first = false;
      said = true;
      const candidate = `{"content":{"parts":[${JSON.stringify(part)}],"role":"model"},"index":0}`;
      yield framing.response(`{"candidates":[${candidate}],${ending}`);
    }
  }
  if (!scripted && plan.steps.some((step) => step.type === 'raw')) return;
  const rest = maker.leftOver() ?? (said ? { text: '' } : undefined);
  yield framing.response(JSON.stringify(lastResponse(plan, context, rest ? [rest] : [])));
  yield framing.end();
}
