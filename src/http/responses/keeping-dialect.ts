import { CompletionBuilder } from '../../core/completion.ts';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { AssistantMessage } from '../../core/message.ts';
import type { Operation } from '../../core/operation.ts';
import type { AnswerContext, Dialect } from '../../dialects/dialect.ts';
import { decodeTokenCount } from '../../dialects/openai-responses/decode.ts';
import { failureFrames } from '../../dialects/openai-responses/frames.ts';
import { toInputItems } from '../../dialects/openai-responses/input-item-list.ts';
import { openaiResponses, tokenCount } from '../../dialects/openai-responses/openai-responses.ts';
import type { ResponsesOptions } from '../../dialects/openai-responses/options.ts';
import type { ResponseObject } from '../../dialects/openai-responses/response-object.ts';
import { storedResponse } from '../../dialects/openai-responses/stored-response.ts';
import { isObject } from '../../dialects/read.ts';
import type { Frame } from '../../stream/sse.ts';
import { resolveHistory } from './history.ts';
import type { Shelf } from './shelf.ts';

/** What is needed besides to store the answer. */
export interface KeepingOptions extends ResponsesOptions {
  /** What the request added to the conversation. */
  input: unknown;
  caller: string;
}

export type KeepingContext = AnswerContext<KeepingOptions>;
export type KeepingOperation = Operation<KeepingOptions>;
export type KeepingDialect = Required<Pick<Dialect<KeepingOptions>, 'failureFrames'>> & Dialect<KeepingOptions>;

/** The dialect as it is spoken to a caller who has a shelf: requests may refer to what is on it, answers go there. */
export function keepingDialect(caller: string, shelf: Shelf): KeepingDialect {
  function keep(response: ResponseObject, message: AssistantMessage, { id, createdAt, options }: KeepingContext): void {
    shelf.keep(toStored(storedResponse(response, message), { id, createdAt, options }));
  }
  return {
    ...openaiResponses,
    failureFrames,
    decode(body, context) {
      const { own, whole } = resolveHistory(body, shelf);
      const operation = openaiResponses.decode(shelf.stores ? whole : unstored(whole), context);
      const ignored = shelf.stores || !isObject(body) || body.store !== true ? [] : ['store'];
      const input = isObject(own) ? own.input : undefined;
      return {
        ...operation,
        ignored: [...operation.ignored, ...ignored],
        options: { ...operation.options, input, caller },
      };
    },
    tokenCount: {
      ...tokenCount,
      decode: (body, context) => decodeTokenCount(resolveHistory(body, shelf).whole, context),
    },
    async *frames(choices, context) {
      const builder = new CompletionBuilder();
      const noted = choices.map((events) => noteEvents(events, builder));
      for await (const frame of openaiResponses.frames(noted, timed(context))) {
        // Before its caller knows that it is there, and may refer to it.
        const finished = finishedResponse(frame);
        if (finished) keep(finished, builder.message, context);
        yield frame;
      }
    },
    whole(completions, context) {
      const response = openaiResponses.whole(completions, timed(context)) as ResponseObject;
      const [completion] = completions;
      if (completion) keep(response, completion.message, context);
      return response;
    },
  };
}

/** A response as it is stored, with what its request added to the conversation. */
export function toStored(response: ResponseObject, { id, createdAt, options }: Omit<KeepingContext, 'model'>) {
  return {
    id: response.id,
    caller: options.caller,
    createdAt,
    previousId: response.previous_response_id ?? undefined,
    input: toInputItems(options.input, id),
    response: { ...response },
  };
}

/** The response in the last frame of an answer that was made. */
export function finishedResponse({ data }: Frame): ResponseObject | undefined {
  if (!isObject(data) || (data.type !== 'response.completed' && data.type !== 'response.incomplete')) return undefined;
  return data.response as ResponseObject;
}

function timed(context: KeepingContext): KeepingContext & { now: () => Date } {
  return { ...context, now: () => new Date() };
}

function unstored(body: unknown): unknown {
  if (!isObject(body)) return body;
  if (body.background === true) {
    const message = "'background' needs stored responses, which are switched off here.";
    throw new GatewayError('invalid-request', message, { param: 'background' });
  }
  return { ...body, store: false };
}

async function* noteEvents(
  events: AsyncIterable<StreamEvent>,
  builder: CompletionBuilder,
): AsyncGenerator<StreamEvent> {
  for await (const event of events) {
    builder.add(event);
    yield event;
  }
}
