import type { RecordedRequest } from '../../simulator/recorder.ts';

/** What a CLI told the model API. */
export interface Upstream {
  /** The caller's conversation, without what the CLI adds to it on its own account. */
  turns: { role: string; text: string }[];
  toolNames: string[];
}

interface MessagesBody {
  messages?: { role: string; content: string | { type: string; text?: string }[] }[];
  tools?: { name: string }[];
}

/** Reads a request that the simulator has recorded. */
export function readUpstream({ body }: RecordedRequest): Upstream {
  const { messages = [], tools = [] } = body as MessagesBody;
  return {
    turns: messages
      .filter(({ role }) => role !== 'system')
      .map(({ role, content }) => ({ role, text: readText(content) })),
    toolNames: tools.map(({ name }) => name),
  };
}

function readText(content: string | { type: string; text?: string }[]): string {
  const texts = typeof content === 'string' ? [content] : content.map(({ text }) => text ?? '');
  return texts
    .map((text) => text.replace(/<system-reminder>.*?<\/system-reminder>/gs, '').trim())
    .filter((text) => text !== '')
    .join('\n');
}
