import { defaultAnswer } from './default-answer.ts';
import { parseDirectives } from './parse-directives.ts';
import type { Prompt } from './prompt.ts';
import type { Script, Step } from './script.ts';

/** What the prompt's directives ask for, else what its tool results' directives ask for, else the default answer. */
export function chooseScript(prompt: Prompt): Script {
  const directed = parseDirectives(prompt.text) ?? parseDirectives(prompt.toolResults.join('\n')) ?? [];
  return directed.some(answers) ? directed : [...directed, ...defaultAnswer(prompt)];
}

function answers(step: Step): boolean {
  switch (step.type) {
    case 'wait':
    case 'slow':
    case 'fragment':
    case 'thinking':
    case 'web-search':
      return false;
    case 'finish':
      return step.reason === 'refusal';
    default:
      return true;
  }
}
