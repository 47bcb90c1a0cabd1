import type { JsonObject } from '../json.ts';
import type { Plan } from '../plan-script.ts';
import type { AnswerContext } from './answer-context.ts';
import { groundingMetadata } from './grounding.ts';
import { measurePrompt, measureUsage } from './measure-usage.ts';

/** The end of an answer, with its last parts: why it ends, what it was grounded on and what it cost. */
export function lastResponse(plan: Plan, context: AnswerContext, parts: readonly JsonObject[]): JsonObject {
  if (parts.length === 0 && plan.finish.reason === 'refusal') return blockedResponse(plan, context);
  const groundedOn = groundingMetadata(plan);
  const candidate = {
    content: { ...(parts.length > 0 && { parts }), role: 'model' },
    finishReason: finishReason(plan),
    index: 0,
    ...(groundedOn && { groundingMetadata: groundedOn }),
    ...(context.urls.length > 0 && { urlContextMetadata: { urlMetadata: context.urls.map(readPage) } }),
  };
  return { candidates: [candidate], ...ending(context, measureUsage(plan, context.inputSize)) };
}

/** What each piece before the last one ends with. */
export function runningEnding(plan: Plan, context: AnswerContext): JsonObject {
  return ending(context, measurePrompt(plan, context.inputSize));
}

/** A prompt that is refused has no answer at all. */
function blockedResponse(plan: Plan, context: AnswerContext): JsonObject {
  const promptFeedback = { blockReason: 'PROHIBITED_CONTENT' };
  return { promptFeedback, ...runningEnding(plan, context) };
}

function ending({ model, responseId }: AnswerContext, usageMetadata: JsonObject): JsonObject {
  return { usageMetadata, modelVersion: model, responseId };
}

/** Calls and stop sequences end an answer as its own end does. */
function finishReason({ finish }: Plan): string {
  if (finish.reason === 'max_tokens') return 'MAX_TOKENS';
  return finish.reason === 'refusal' ? 'SAFETY' : 'STOP';
}

function readPage(url: string): JsonObject {
  return { retrievedUrl: url, urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' };
}
