import type { Action, Answer } from '../answer.ts';
import type { NewId } from '../create-ids.ts';
import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';
import type { AnswerContext } from './answer-context.ts';
import { createPartMaker } from './content-parts.ts';
import { errorAnswer, namedError } from './error-answer.ts';
import { lastResponse } from './response.ts';

/** An answer in one piece. An error in mid-stream is then an HTTP error; delays between pieces do not count. */
export function wholeContent(plan: Plan, context: AnswerContext, newId: NewId): Answer {
  const maker = createPartMaker(context.includeThoughts, newId);
  const parts: JsonObject[] = [];
  const actions: Action[] = [];
  for (const step of plan.steps) {
    if (step.type === 'error') {
      const answer = errorAnswer({ ...namedError(step.errorType, step.message), model: context.model });
      return { ...answer, actions: [...actions, ...answer.actions] };
    }
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang') actions.push(step);
    else if (step.type === 'raw') actions.push(step.bytes);
    else parts.push(...maker.whole(step));
  }
  const rest = maker.leftOver();
  if (rest) parts.push(rest);
  if (parts.length > 0 || !plan.steps.some((step) => step.type === 'raw')) {
    actions.push(JSON.stringify(lastResponse(plan, context, joinTexts(parts)), null, 2));
  }
  return { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8', ...plan.headers }, actions };
}

/** Texts that follow each other are one part; what is signed goes with them. */
function joinTexts(parts: readonly JsonObject[]): readonly JsonObject[] {
  const joined: JsonObject[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part.text === 'string' && typeof last?.text === 'string' && part.thought === last.thought) {
      joined.splice(-1, 1, { ...last, ...part, text: last.text + part.text });
    } else {
      joined.push(part);
    }
  }
  return joined;
}
