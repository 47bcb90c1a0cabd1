import { madeUpSearch } from './made-up-search.ts';
import type { Step } from './script.ts';

/** One kind of `[[name argument]]` in a prompt. */
export interface Directive {
  readonly example: string;
  /** The argument may hold JSON, whose strings may hold brackets. */
  readonly json?: true;
  /** Throws an Error whose message says what is wrong with the argument. */
  read(argument: string): Step;
}

const LONGEST_WAIT = 3_600_000;
const MOST_WORDS = 100_000;

/** By name. Where no directive says anything, the default answer is given under the others' terms. */
export const directives: Readonly<Record<string, Directive>> = {
  text: { example: '[[text Hello there]]', read: (argument) => ({ type: 'text', text: some(argument, 'a text') }) },
  think: {
    example: '[[think Let me see]]',
    read: (argument) => ({ type: 'thinking', text: some(argument, 'a text') }),
  },
  call: {
    example: '[[call get_weather {"city":"Paris"}]]',
    json: true,
    read(argument) {
      const [name, json] = firstWord(argument);
      return { type: 'call', name: some(name, "a tool's name"), arguments: object(json, 'the arguments') };
    },
  },
  search: { example: '[[search weather in Paris]]', read: (argument) => madeUpSearch(some(argument, 'a query')) },
  wait: {
    example: '[[wait 500]]',
    read: (argument) => ({ type: 'wait', milliseconds: integer(argument, 'milliseconds', 0, LONGEST_WAIT) }),
  },
  slow: {
    example: '[[slow 50]]',
    read: (argument) => ({ type: 'slow', delay: integer(argument, 'milliseconds', 0, LONGEST_WAIT) }),
  },
  repeat: {
    example: '[[repeat 200 word]]',
    read(argument) {
      const [count, word] = firstWord(argument);
      const times = integer(count, 'times', 1, MOST_WORDS);
      return { type: 'text', text: Array(times).fill(some(word, 'a word')).join(' ') };
    },
  },
  status: {
    example: '[[status 429 {"retry-after":"7"}]]',
    json: true,
    read(argument) {
      const [status, json] = firstWord(argument);
      const headers = Object.entries(object(json, 'the headers')).map(([name, value]) => [name, String(value)]);
      return {
        type: 'status',
        status: integer(status, 'as HTTP status', 400, 599),
        headers: Object.fromEntries(headers),
      };
    },
  },
  error: {
    example: '[[error overloaded_error]]',
    read: (argument) => ({ type: 'error', errorType: some(argument, "an error's type") }),
  },
  cut: { example: '[[cut]]', read: (argument) => bare(argument, { type: 'cut' }) },
  hang: { example: '[[hang]]', read: (argument) => bare(argument, { type: 'hang' }) },
  length: { example: '[[length]]', read: (argument) => bare(argument, { type: 'finish', reason: 'max_tokens' }) },
  refuse: { example: '[[refuse]]', read: (argument) => bare(argument, { type: 'finish', reason: 'refusal' }) },
  fragment: {
    example: '[[fragment 3]]',
    read: (argument) => ({ type: 'fragment', bytes: integer(argument, 'bytes', 1, 1_000_000) }),
  },
};

function firstWord(argument: string): [word: string, rest: string] {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(argument) ?? [];
  return [word, rest];
}

function some(argument: string, what: string): string {
  if (argument === '') throw new Error(`it needs ${what}`);
  return argument;
}

function bare(argument: string, step: Step): Step {
  if (argument !== '') throw new Error('it takes nothing after its name');
  return step;
}

function integer(argument: string, what: string, least: number, most: number): number {
  const value = Number(argument);
  if (!/^\d+$/.test(argument) || value < least || value > most) {
    throw new Error(`it needs a whole number from ${least} to ${most} (${what}), not "${argument}"`);
  }
  return value;
}

function object(json: string, what: string): Record<string, unknown> {
  if (json === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`${what} are not valid JSON (${error instanceof Error ? error.message : error})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${what} must be a JSON object`);
  }
  return { ...value };
}
