import type { Upstream, UpstreamMessage, UpstreamPart } from './provider/upstream.ts';

/** How a conversation begins that an agent has been told as one text. */
const beginning = 'What follows is a conversation written down as text.';
const goOn = 'Go on with the conversation: write what the assistant says next.';
const schemaLine = /(\n\n)?Answer with JSON that follows this schema and nothing else[^\n]*\n(\{.*\})$/;
/** Stands for an image among the text. */
const medium = /^\0(\d+)$/;
const tag = /^<(\/?)(system|conversation|user|assistant|tool_call|tool_result)((?: \w+="[^\n]*")?)>$/;

/** What reached the model, the conversation in its first message read back into the messages that it tells of. */
export function readWritten(upstream: Upstream): Upstream {
  const [first, ...later] = upstream.messages;
  const [part] = first?.content ?? [];
  if (first === undefined || part === undefined || !('text' in part) || !part.text.startsWith(beginning)) {
    return { ...upstream, messages: upstream.messages.flatMap(unmarked) };
  }
  const { system, messages } = readConversation(first.content);
  const [, , schema] = schemaLine.exec(system) ?? [];
  return {
    ...upstream,
    system: [upstream.system, system.replace(schemaLine, '')].filter((text) => text !== '').join('\n\n'),
    messages: [...messages, ...later.flatMap(unmarked)],
    ...(schema !== undefined && { outputSchema: JSON.parse(schema) }),
  };
}

function readConversation(content: readonly UpstreamPart[]): { system: string; messages: UpstreamMessage[] } {
  const lines = content.flatMap((part, index) => ('text' in part ? part.text.split('\n') : [`\0${index}`])).slice(2);
  const messages: UpstreamMessage[] = [];
  let system = '';
  const add = (role: UpstreamMessage['role'], parts: UpstreamPart[]) => {
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...parts);
    else messages.push({ role, content: parts });
  };
  const partsOf = (texts: readonly string[]): UpstreamPart[] => readParts(texts, content);
  let at = 0;
  const until = (end: string): string[] => {
    const stop = lines.indexOf(end, at);
    const found = lines.slice(at, stop);
    at = stop + 1;
    return found;
  };
  if (lines[at] === '<system>') {
    at += 1;
    system = unescaped(until('</system>').join('\n'));
    at += 1;
  }
  if (lines[at] === '<conversation>') {
    for (at += 1; lines[at] !== '</conversation>'; ) {
      const [, , name = '', attributes = ''] = tag.exec(lines[at] ?? '') ?? [];
      at += 1;
      const inner = partsOf(until(`</${name}>`));
      if (name === 'tool_result') {
        const [, id = '', failed] = /^ id="(.*?)"( is_error="true")?$/.exec(attributes) ?? [];
        add('user', [{ result: id, content: inner, isError: failed !== undefined }]);
      } else add(name as UpstreamMessage['role'], inner);
    }
    at += 2;
  }
  const latest = partsOf(lines.slice(at));
  add('user', latest.length === 1 && textOf(latest[0]) === goOn ? [] : latest);
  return { system, messages };
}

function readParts(lines: readonly string[], content: readonly UpstreamPart[]): UpstreamPart[] {
  const parts: UpstreamPart[] = [];
  let text: string[] = [];
  const endText = () => {
    if (text.length > 0) parts.push({ text: unescaped(text.join('\n')) });
    text = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, index] = medium.exec(line) ?? [];
    const [, call, name] = /^<tool_call id="(.*?)" name="(.*?)">$/.exec(line) ?? [];
    if (index !== undefined) {
      endText();
      parts.push(content[Number(index)] as UpstreamPart);
    } else if (call !== undefined && name !== undefined) {
      endText();
      parts.push({ call, name, arguments: JSON.parse(lines[at + 1] ?? '') });
      at += 2;
    } else text.push(line);
  }
  endText();
  return parts;
}

/** Instructions that came later stand in a message of the user's, marked; so do words that look like a command. */
function unmarked({ role, content }: UpstreamMessage): UpstreamMessage[] {
  const [first, ...rest] = content;
  const [, tag, text = ''] = /^<(system|user)>\n([\s\S]*)\n<\/\1>$/.exec(textOf(first)) ?? [];
  if (role !== 'user' || tag === undefined) return [{ role, content }];
  const said = { text: unescaped(text) };
  if (tag === 'user') return [{ role, content: [said, ...rest] }];
  return [
    { role: 'system', content: [said] },
    { role, content: rest },
  ];
}

function textOf(part: UpstreamPart | undefined): string {
  return part !== undefined && 'text' in part ? part.text : '';
}

function unescaped(text: string): string {
  return text.replace(/&lt;(?=\/?(?:system|conversation|user|assistant|tool_call|tool_result)[\s>])/g, '<');
}
