import { invalid, quote } from '../read.ts';

/** How many prompts one body may hold. */
const mostPrompts = 20;

/** The prompts of a body: one text, or an array of them. Tokens are refused: no model here says how it counts them. */
export function readPrompts(prompt: unknown): string[] {
  if (typeof prompt === 'string') return [prompt];
  if (prompt === undefined || prompt === null) throw invalid('prompt', 'is required');
  if (!Array.isArray(prompt)) throw invalid('prompt', `must be a string or an array of strings, not ${quote(prompt)}`);
  if (prompt.length === 0) throw invalid('prompt', 'must not be empty');
  if (typeof prompt[0] === 'number')
    throw invalid('prompt', 'holds tokens, which this server cannot read: send the text');
  if (prompt.length > mostPrompts) throw invalid('prompt', `must hold at most ${mostPrompts} prompts`);
  return prompt.map((one: unknown, index) => {
    const at = `prompt[${index}]`;
    if (Array.isArray(one)) throw invalid(at, 'holds tokens, which this server cannot read: send the text');
    if (typeof one !== 'string') throw invalid(at, `must be a string, not ${quote(one)}`);
    return one;
  });
}
