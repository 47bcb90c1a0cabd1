import { directives } from './directives.ts';
import { isObject } from './json.ts';
import { madeUpSearch } from './made-up-search.ts';
import type { Prompt } from './prompt.ts';
import { sampleJson } from './sample-json.ts';
import type { Script } from './script.ts';

/** The answer to a prompt that no script and no directive speaks for. */
export function defaultAnswer(prompt: Prompt): Script {
  if (prompt.outputSchema) return [{ type: 'text', text: JSON.stringify(sampleJson(prompt.outputSchema)) }];
  if (prompt.forcedTool) {
    const { name, schema } = prompt.forcedTool;
    const sample = sampleJson(schema);
    return [{ type: 'call', name, arguments: isObject(sample) ? sample : {} }];
  }
  if (prompt.toolResults.length > 0) {
    const results = prompt.toolResults.map(quote).join(' and ');
    return [{ type: 'text', text: `This answer is simulated. The tools returned ${results}.` }];
  }
  if (prompt.webSearch) {
    const search = madeUpSearch(prompt.text.replace(/^.*\bquery: */s, '') || 'anything');
    const text = `A simulated search for ${quote(search.query)} found two made-up pages.`;
    return [search, { type: 'text', text, citations: search.results }];
  }
  const examples = ['text', 'call', 'status'].map((name) => directives[name]?.example);
  const text = [
    'This is a simulated answer: it comes from a scripted model API, not from a real model.',
    ...(prompt.text ? [`You said ${quote(prompt.text)}.`] : []),
    `To choose the answer, write for example ${examples.join(' or ')} in your message.`,
  ].join(' ');
  return [{ type: 'text', text }];
}

function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `"${line.length > 120 ? `${line.slice(0, 120)}…` : line}"`;
}
