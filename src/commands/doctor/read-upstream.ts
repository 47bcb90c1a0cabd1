import type { RecordedRequest } from '../../simulator/recorder.ts';

/** What a CLI told the model API. */
export interface Upstream {
  /** The caller's conversation, without what the CLI adds to it on its own account. */
  turns: { role: string; text: string }[];
  /** As the API has them: a CLI may put something in front of a name. */
  toolNames: string[];
}

interface Part {
  text?: string;
}

interface Turn {
  role?: string;
  content?: string | Part[];
  parts?: Part[];
}

interface Tool {
  name?: string;
  function?: { name: string };
  functionDeclarations?: { name: string }[];
}

/** The fields of the simulated APIs, which call the same things by different names. */
interface Body {
  messages?: Turn[];
  input?: Turn[];
  contents?: Turn[];
  tools?: Tool[];
}

const roles: Readonly<Record<string, string>> = { model: 'assistant' };
/** Who speaks for the CLI or the operator. */
const instructing: ReadonlySet<string> = new Set(['system', 'developer']);

/** Reads a request that the simulator has recorded. */
export function readUpstream({ body }: RecordedRequest): Upstream {
  const { messages, input, contents, tools = [] } = body as Body;
  const turns = (messages ?? input ?? contents ?? []).flatMap(({ role = '', content, parts }) => {
    const turn = { role: roles[role] ?? role, text: readText(content ?? parts ?? []) };
    return role === '' || instructing.has(role) ? [] : [turn];
  });
  return { turns, toolNames: tools.flatMap(namesOf) };
}

function namesOf({ name, function: declared, functionDeclarations }: Tool): string[] {
  if (functionDeclarations !== undefined) return functionDeclarations.map((one) => one.name);
  return [name ?? declared?.name ?? ''];
}

function readText(content: string | Part[]): string {
  const texts = typeof content === 'string' ? [content] : content.map(({ text }) => text ?? '');
  return texts
    .map((text) => text.replace(/<system-reminder>.*?<\/system-reminder>/gs, '').trim())
    .filter((text) => text !== '')
    .join('\n');
}
