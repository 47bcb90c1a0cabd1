import type { JsonObject } from '../../json.ts';
import { findFormatProblem } from './find-format-problem.ts';
import { findMessagesProblem } from './find-messages-problem.ts';
import { findPairingProblem } from './find-pairing-problem.ts';
import { findParameterProblem } from './find-parameter-problem.ts';
import { findToolsProblem } from './find-tools-problem.ts';
import type { Problem } from './problem.ts';

/** What the real API would refuse a request for, in its words; undefined for a good request. */
export function findProblem(body: JsonObject): Problem | undefined {
  return (
    findParameterProblem(body) ??
    findMessagesProblem(body.messages) ??
    findPairingProblem(body.messages) ??
    findToolsProblem(body) ??
    findFormatProblem(body)
  );
}
