import type { Action } from '../answer.ts';
import type { Plan } from '../plan-script.ts';
import type { ResponseContext } from './response-context.ts';
import type { ResponseEvent } from './response-event.ts';
import { responseEvents } from './response-events.ts';

/** A streamed response with its events numbered, each in the bytes that `write` makes of it. */
export function* playResponse(
  plan: Plan,
  context: ResponseContext,
  write: (event: ResponseEvent) => string,
): Generator<Action> {
  let serial = 0;
  for (const step of responseEvents(plan, context)) {
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang') yield step;
    else if (step.type === 'raw') yield step.bytes;
    else {
      const { type, ...rest } = step;
      yield write({ type, sequence_number: serial++, ...rest });
    }
  }
}
