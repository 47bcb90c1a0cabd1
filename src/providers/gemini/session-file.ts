import { createHash, randomUUID } from 'node:crypto';
import type { NativeContent, NativePart } from './contents.ts';

/** A first message under this id keeps the CLI from putting what it knows of this machine in front of the conversation. */
const firstId = createHash('sha256').update('environment-context').digest('hex').slice(0, 32);

/** What the CLI takes for its own when a user's message begins so, and leaves out. */
const ignored = /^\s*($|[/?]|<(session|hook)_context>)/;

export interface SessionFile {
  name: string;
  text: string;
  /** How many chunks the CLI replays when it loads this. */
  replayed: number;
}

/** A conversation as a session file that the CLI loads: the question stands in it too, so that nothing is left to prompt. */
export function sessionFile(id: string, contents: readonly NativeContent[], now: Date): SessionFile {
  const timestamp = now.toISOString();
  const messages = contents.map(({ role, parts }, index) => ({
    id: index === 0 ? firstId : randomUUID(),
    timestamp,
    type: role === 'user' ? 'user' : 'gemini',
    content: role === 'user' ? kept(parts) : parts,
  }));
  if (contents.at(-1)?.parts.some((part) => 'functionResponse' in part)) {
    // Behind results the CLI would make up that its answer was interrupted. Behind this it does not, and thoughts are
    // not sent to the model.
    messages.push({ id: randomUUID(), timestamp, type: 'user', content: [{ text: 'Go on.', thought: true }] });
  }
  const head = { sessionId: id, projectHash: 'none', startTime: timestamp, lastUpdated: timestamp, kind: 'main' };
  return {
    // With the time in it, it would be the file that the CLI begins for itself.
    name: `session-given-${id.slice(0, 8)}.jsonl`,
    text: `${[head, ...messages].map((line) => JSON.stringify(line)).join('\n')}\n`,
    replayed: messages.length,
  };
}

/** The parts, so that the CLI takes them for what they are: a mark that means nothing hides the text's beginning. */
function kept(parts: readonly NativePart[]): NativePart[] {
  const [first, ...rest] = parts;
  if (first === undefined || !('text' in first) || !ignored.test(leadingText(parts))) return [...parts];
  return [{ ...first, thought: false }, ...rest];
}

function leadingText(parts: readonly NativePart[]): string {
  const end = parts.findIndex((part) => !('text' in part));
  const leading = end < 0 ? parts : parts.slice(0, end);
  // What stands behind the text is no text and so is kept.
  return leading.map((part) => ('text' in part ? part.text : '')).join('') + (end < 0 ? '' : '.');
}
