import { type Directive, directives } from './directives.ts';
import type { Script, Step } from './script.ts';

/**
 * The script that a text's `[[directives]]` spell; undefined when there are none.
 * If one is wrong, the script is a text that says what and how to write it.
 */
export function parseDirectives(source: string): Script | undefined {
  const steps: Step[] = [];
  const problems: string[] = [];
  const opening = /\[\[([a-z]+)(?=\s|\]\])/g;
  for (let match = opening.exec(source); match; match = opening.exec(source)) {
    const [, name = ''] = match;
    const directive = Object.hasOwn(directives, name) ? directives[name] : undefined;
    const end = findEnd(source, opening.lastIndex, directive?.json ?? false);
    try {
      if (!directive) throw new Error('there is no such directive');
      if (end < 0) throw new Error('it has no closing ]]');
      steps.push(directive.read(source.slice(opening.lastIndex, end).trim()));
    } catch (error) {
      problems.push(explain(name, error, directive));
    }
    if (end < 0) break;
    opening.lastIndex = end + 2;
  }
  if (problems.length > 0) return [{ type: 'text', text: problems.join('\n') }];
  return steps.length > 0 ? steps : undefined;
}

/** Where the `]]` that closes a directive stands, past nested brackets; -1 if nowhere. */
function findEnd(source: string, from: number, json: boolean): number {
  let depth = 0;
  for (let index = from; index < source.length; index++) {
    const character = source[index];
    if (json && depth > 0 && character === '"') {
      index = endOfString(source, index);
    } else if (character === '[' || (json && character === '{')) {
      depth++;
    } else if (character === ']' || (json && character === '}')) {
      if (depth > 0) depth--;
      else if (source.startsWith(']]', index)) return index;
    }
  }
  return source.indexOf(']]', from);
}

function endOfString(source: string, from: number): number {
  for (let index = from + 1; index < source.length; index++) {
    if (source[index] === '\\') index++;
    else if (source[index] === '"') return index;
  }
  return source.length;
}

function explain(name: string, error: unknown, directive: Directive | undefined): string {
  const advice = directive
    ? `Write it like ${directive.example}.`
    : `Known: ${Object.values(directives)
        .map(({ example }) => example)
        .join(' ')}`;
  return `The directive [[${name} …]] is wrong: ${error instanceof Error ? error.message : error}. ${advice}`;
}
