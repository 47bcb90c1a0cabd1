type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

const blank = /[ \t\n\r]*/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const plainText = /[^"\\[\p{Cc}--[\x7f-\x9f]]]*/vy;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Where a text stops being JSON: line and column count from 1. The engine's own message either lacks the place or
 * quotes the text, which may be a prompt. Only for text that `JSON.parse` has refused.
 */
export function findJsonFault(text: string): { line: number; column: number } {
  const before = text.slice(0, faultOffset(text));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

function faultOffset(text: string): number {
  const open: string[] = [];
  let expected: Expectation = 'value';
  let offset = skip(blank, text, 0);
  while (offset < text.length) {
    const character = text.charAt(offset);
    const inner = open.at(-1);
    let end = offset + 1;
    if (expected === ':') {
      if (character !== ':') return offset;
      expected = 'value';
    } else if (character === inner && expected !== 'value' && expected !== 'key') {
      open.pop();
      expected = ', or end';
    } else if (expected === ', or end') {
      if (character !== ',' || inner === undefined) return offset;
      expected = inner === '}' ? 'key' : 'value';
    } else if (character === '"') {
      end = stringEnd(text, end);
      if (text.charAt(end) !== '"') return end;
      end += 1;
      expected = expected.startsWith('key') ? ':' : ', or end';
    } else if (expected.startsWith('key')) {
      return offset;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']');
      expected = character === '{' ? 'key or }' : 'value or ]';
    } else {
      end = skip(scalar, text, offset);
      if (end === offset) return offset;
      expected = ', or end';
    }
    offset = skip(blank, text, end);
  }
  return text.length;
}

/** The offset of the closing quote, or of whatever cannot stand in a string. */
function stringEnd(text: string, start: number): number {
  for (let offset = start; ; ) {
    const backslash = skip(plainText, text, offset);
    offset = skip(escapeSequence, text, backslash);
    if (offset === backslash) return offset;
  }
}

function skip(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}
