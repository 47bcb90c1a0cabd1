import type { JsonObject } from '../../json.ts';
import { REQUEST } from './fields.ts';
import { findConfigProblem } from './find-config-problem.ts';
import { findContentsProblem } from './find-contents-problem.ts';
import { findSignatureProblem } from './find-signature-problem.ts';
import { findThinkingProblem } from './find-thinking-problem.ts';
import { findToolsProblem } from './find-tools-problem.ts';
import { findTurnsProblem } from './find-turns-problem.ts';
import { findUnknownField } from './find-unknown-field.ts';

/** What the real API would refuse a request for, in its words; undefined for a good request. */
export function findProblem(body: JsonObject, model: string): string | undefined {
  return (
    findCountingProblem(body) ??
    findTurnsProblem(body) ??
    findSignatureProblem(body, model) ??
    findToolsProblem(body, model) ??
    findConfigProblem(body) ??
    findThinkingProblem(body, model)
  );
}

/** What it would refuse even to count. */
export function findCountingProblem(body: JsonObject): string | undefined {
  return findUnknownField(body, REQUEST) ?? findContentsProblem(body);
}
