import type { StreamEvent } from '../../src/core/event.ts';
import type { GenerateRequest } from '../../src/core/request.ts';
import type { Generate } from '../../src/middleware/middleware.ts';

export const usage = { inputTokens: 10, outputTokens: 2 };

/** A finish event; `stop` unless another reason is given. */
export function finish(reason: Extract<StreamEvent, { type: 'finish' }>['reason'] = 'stop'): StreamEvent {
  return { type: 'finish', reason, usage };
}

/** A request with one question, and whatever else is given. */
export function request(fields: Partial<GenerateRequest> = {}): GenerateRequest {
  return { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }], tools: [], ...fields };
}

/** Answers each request with the next of these lists of events, errors thrown, and keeps what it was asked. */
export function scriptedGenerate(...answers: (StreamEvent | Error)[][]): Generate & { asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = [];
  const generate = async function* (asking: GenerateRequest): AsyncGenerator<StreamEvent> {
    const answer = answers[asked.length] ?? [];
    asked.push(asking);
    for (const event of answer) {
      if (event instanceof Error) throw event;
      yield event;
    }
  };
  return Object.assign(generate, { asked });
}
