import type { Answer } from '../answer.ts';
import { isObject, type JsonObject } from '../json.ts';
import { errorAnswer } from './error-answer.ts';
import { estimateTokens } from './measure-usage.ts';
import { findCountingProblem } from './validate/find-problem.ts';

/** Counts a request's tokens, or those of a conversation by itself. */
export function countTokens(body: JsonObject, size: number): Answer {
  const { generateContentRequest: whole = body } = body;
  const problem = isObject(whole) ? findCountingProblem(whole) : "Invalid value at 'generate_content_request'";
  if (problem !== undefined) return errorAnswer({ code: 400, message: problem });
  const totalTokens = estimateTokens(size);
  const counted = { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] };
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  return { status: 200, headers, actions: [JSON.stringify(counted, null, 2)] };
}
