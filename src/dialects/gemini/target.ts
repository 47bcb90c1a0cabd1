import { GatewayError } from '../../core/error.ts';
import { quote } from '../read.ts';

const verbs = ['generateContent', 'streamGenerateContent', 'countTokens'] as const;
type Verb = (typeof verbs)[number];

/**
 * The model and what is to be done with it, from the end of a path: `gemini-2.5-pro:countTokens`. A model's own name may
 * hold colons and slashes. Throws `not-found` for what this API does not have here.
 */
export function readTarget(target: string): { model: string; verb: Verb } {
  const colon = target.lastIndexOf(':');
  const model = target.slice(0, Math.max(colon, 0)).replace(/^models\//, '');
  const asked = target.slice(colon + 1);
  const verb = verbs.find((one) => one === asked);
  if (verb !== undefined && model !== '' && model.length <= 256) return { model, verb };
  const names = 'generateContent, streamGenerateContent and countTokens';
  throw new GatewayError('not-found', `Models have ${names} here, and not ${quote(colon < 0 ? target : asked)}.`);
}
