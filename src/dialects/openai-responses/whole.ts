import type { Completion } from '../../core/completion.ts';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { AssistantPart } from '../../core/message.ts';
import { createWriter } from './frames.ts';
import type { ResponsesContext } from './options.ts';
import { finalStatus, finishedResponse, type ResponseObject } from './response-object.ts';

/** The answer as one response object. */
export function whole([completion]: Completion[], context: ResponsesContext): ResponseObject {
  if (!completion) throw new GatewayError('internal', 'The server failed to handle this request.');
  const { model, message, citations, reason, usage } = completion;
  const writer = createWriter(context);
  let calls = 0;
  for (const part of message.content) {
    for (const event of retell(part, calls)) run(writer.write(event));
    if (part.type === 'tool-call') calls += 1;
  }
  for (const citation of citations) run(writer.write({ type: 'citation', citation }));
  run(writer.close(finalStatus(reason)));
  return finishedResponse(context, model, writer.output, { reason, usage });
}

/** The events that a part of an answer was made of, but for their number. */
function* retell(part: AssistantPart, index: number): Generator<StreamEvent> {
  switch (part.type) {
    case 'text':
      yield { type: 'text-delta', text: part.text };
      return;
    case 'refusal':
      yield { type: 'refusal-delta', text: part.text };
      return;
    case 'reasoning': {
      const { type: _, text, origin, ...seal } = part;
      if (text !== '') yield { type: 'reasoning-delta', text };
      if (origin !== undefined) yield { type: 'reasoning-end', origin, ...seal };
      return;
    }
    case 'tool-call': {
      const { kind, id, name } = part.call;
      yield { type: 'tool-call-start', index, kind, id, name };
      yield { type: 'tool-call-end', index, call: part.call };
    }
  }
}

function run(events: Generator<unknown>): void {
  for (const _ of events);
}
